using System.Text;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Csv;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Tests.Data.Images;

namespace OrleansEdge.EdgeAgent.Tests.Data;

/// <summary>Whatever a file holds, reading it ends with data or with one sentence.</summary>
public sealed class FuzzTests
{
    private const int Inputs = 10_000;

    [Fact]
    public void Mutated_csv_files_give_a_table_or_a_sentence()
    {
        var valid = Encoding.UTF8.GetBytes("a,\"b,\"\"c\",y\r\n1,2.5,u\r\n-3e4,\"5\",v\r\n6,7,\"w\nw\"\r\n,8,NaN\r\n");
        var random = new SeededRandom(1);
        var read = 0;
        for (var input = 0; input < Inputs; input++)
        {
            using var reader = new StreamReader(new MemoryStream(Mutate(random, valid)));
            read += Succeeds(() => CsvReader.Read(reader, "file.csv", "y", null, null).Count) ? 1 : 0;
        }

        Assert.InRange(read, 0, Inputs - 1);
    }

    [Fact]
    public void Mutated_idx_files_give_images_or_a_sentence()
    {
        byte[][] valid = [IdxBytes.Images(2), IdxBytes.Gzip(IdxBytes.Images(2))];
        var random = new SeededRandom(2);
        var read = 0;
        for (var input = 0; input < Inputs; input++)
        {
            using var stream = new MemoryStream(Mutate(random, valid[input % 2]));
            read += Succeeds(() => MnistFiles.Combine("images", IdxReader.Read(stream, "images", 3), "labels", [1, 2]).Count) ? 1 : 0;
        }

        // A change of a pixel is no fault, so that some must be read.
        Assert.InRange(read, 1, Inputs - 1);
    }

    private static bool Succeeds(Func<int> read)
    {
        try
        {
            return read() > 0;
        }
        catch (DataException exception)
        {
            Assert.DoesNotContain("   at ", exception.Message, StringComparison.Ordinal);
            return false;
        }
    }

    private static byte[] Mutate(SeededRandom random, byte[] valid)
    {
        var bytes = valid.ToList();
        for (var change = random.NextInt(4); change >= 0; change--)
        {
            var place = random.NextInt(2) == 0 ? random.NextInt(bytes.Count) : random.NextInt(Math.Min(bytes.Count, 24));
            switch (random.NextInt(5))
            {
                case 0:
                    bytes[place] = (byte)random.NextInt(256);
                    break;
                case 1:
                    bytes[place] ^= (byte)(1 << random.NextInt(8));
                    break;
                case 2:
                    bytes.Insert(place, ",\"\n\r.e-0"u8[random.NextInt(8)]);
                    break;
                case 3 when bytes.Count > 1:
                    bytes.RemoveRange(place, Math.Min(random.NextInt(20), bytes.Count - Math.Max(place, 1)));
                    break;
                default:
                    bytes.InsertRange(place, valid.Take(random.NextInt(valid.Length)));
                    break;
            }
        }

        return [.. bytes];
    }
}
