using System.Security.Cryptography;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Generated;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Tests.Data.Generated;

public sealed class GeneratedDigitsTests
{
    [Fact]
    public void The_images_of_a_seed_never_change()
    {
        Assert.Equal("fa397c9a35925467ef89689f01caa15ac1e12de8a3ae4af9afe44c1b3c03cb77", Hash(GeneratedDigits.Make(500, 0, GeneratedDigits.TrainStream)));
        Assert.Equal("940cea206fb7b328b180942eac80713c798e4f7ee73ab78d77b886c9094a030a", Hash(GeneratedDigits.Make(500, 0, GeneratedDigits.TestStream)));
    }

    [Fact]
    public void The_first_images_do_not_depend_on_how_many_are_made()
    {
        var few = GeneratedDigits.Make(20, 3, GeneratedDigits.TrainStream);
        var many = GeneratedDigits.Make(50, 3, GeneratedDigits.TrainStream);
        Assert.Equal(Hash(few), Hash(many.Select([.. Enumerable.Range(0, 20)])));
        Assert.NotEqual(Hash(few), Hash(GeneratedDigits.Make(20, 4, GeneratedDigits.TrainStream)));
    }

    [Fact]
    public void Every_class_is_about_equally_frequent()
    {
        var images = GeneratedDigits.Make(5000, 0, GeneratedDigits.TrainStream);
        Assert.All(Enumerable.Range(0, 10), digit => Assert.InRange(images.Labels.Count((byte)digit), 400, 600));
    }

    [Fact]
    public void The_nearest_mean_is_better_than_chance_and_far_from_good()
    {
        var train = GeneratedDigits.Make(2000, 0, GeneratedDigits.TrainStream);
        var test = GeneratedDigits.Make(500, 0, GeneratedDigits.TestStream);
        var means = new double[10][];
        for (var digit = 0; digit < 10; digit++)
        {
            var members = Enumerable.Range(0, train.Count).Where(index => train.Labels[index] == digit).ToArray();
            means[digit] = [.. Enumerable.Range(0, ImageSet.PixelCount).Select(pixel => members.Average(index => (double)train.Pixels(index)[pixel]))];
        }

        var right = Enumerable.Range(0, test.Count).Count(index => test.Labels[index] == Array.IndexOf(means, means.MinBy(mean => Distance(mean, test.Pixels(index)))));
        Assert.InRange(right / 500.0, 0.4, 0.8);
    }

    [Fact]
    public async Task Parts_of_a_split_are_those_of_the_whole_and_the_test_set_stays_whole()
    {
        var factory = TestSources.Factory(keepLoaded: true);
        var specification = DataSpecification.Parse("generated:200");
        var counts = new List<long>();
        for (var number = 1; number <= 3; number++)
        {
            var assignment = new DataAssignment(SplitSpecification.Parse("dirichlet:0.5"), new Part(number, 3), 7);
            var source = await factory.OpenAsync(specification, assignment, TestContext.Current.CancellationToken);
            var summary = source.Describe(0);
            counts.Add(summary.Examples);
            var task = new Contracts.Data.TaskDescription(summary.Kind, summary.InputShape, summary.Labels, [], null);
            Assert.Equal(1000, source.Open(task, 0.1).Test.Count);
        }

        Assert.Equal(200, counts.Sum());
    }

    private static double Distance(double[] mean, ReadOnlySpan<byte> pixels)
    {
        var sum = 0.0;
        for (var pixel = 0; pixel < pixels.Length; pixel++)
        {
            sum += (mean[pixel] - pixels[pixel]) * (mean[pixel] - pixels[pixel]);
        }

        return sum;
    }

    private static string Hash(ImageSet images)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(images.Labels);
        for (var index = 0; index < images.Count; index++)
        {
            hash.AppendData(images.Pixels(index));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
