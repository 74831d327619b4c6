using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Sites;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Csv;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Updates;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What the two programs read: options, data files, what the other one answers over HTTP, and what lies in the device's folder.</summary>
internal static class HostTargets
{
    public static IEnumerable<FuzzTarget> All => [.. Options, Site, Csv, Idx, Update];

    private static IEnumerable<FuzzTarget> Options =>
    [
        Declared.OfText<FormatException>("store location", typeof(StoreLocation), text => StoreLocation.Parse(text),
            "azure", "store", "/var/lib/orleansedge", "https://account.blob.core.windows.net"),
        Declared.OfText<FormatException>("Redis address", typeof(RedisAddress), text => RedisAddress.Parse(text), "redis://127.0.0.1:6379", "redis://host", "redis://[::1]:7"),
        Declared.OfText<FormatException>("version reference", typeof(VersionReference), text => VersionReference.Parse(text), "digits@3", "digits@head", "digits@promoted"),
        Declared.OfText<FormatException>("claimed store", typeof(ClaimedStore), text => ClaimedStore.Parse(text), "00000001-0002-0003-0405-060708090a0b folder") with { AcceptsAll = true },
        Declared.OfText<DataException>("data specification", typeof(DataSpecification), text => DataSpecification.Parse(text),
            "mnist:folder", "mnist?first=10", "csv:a.csv?label=power&test=b.csv&kind=regression", "generated:100?seed=3", "csv:a?label=a%20b"),
        Declared.OfText<DataException>("split", typeof(SplitSpecification), text => SplitSpecification.Parse(text), "iid", "dirichlet:0.1", "classes:2"),
        Declared.OfText<DataException>("part", typeof(Part), text => Part.Parse(text), "3/10", "1/1"),
        Declared.OfText<FormatException>("data offer", typeof(DataOffer), text => DataOffer.Parse(text), "digits=generated", "a=csv:b?label=c") with
        {
            IsDeclared = exception => exception is FormatException or DataException,
        },
        // What stands behind =@ is the name of a file, which is not there.
        Declared.OfText<FormatException>("further site", typeof(KnownSite), text => KnownSite.Parse(text, "own"), "http://192.0.2.8:7400", "https://a:1,https://b:2") with
        {
            IsDeclared = exception => exception is FormatException or IOException or UnauthorizedAccessException or ArgumentException,
        },
    ];

    private static FuzzTarget Site => new(
        "answer of a site", typeof(SiteAnswer), input => SiteAnswer.Read(input.Span), Declared.Only<JsonException>(),
        [
            JsonSerializer.SerializeToUtf8Bytes(
                new SiteDescription("harbour", "harbour", "orleansedge", ["127.0.0.1:30000", "[::1]:30001"], 1) { Addresses = ["http://127.0.0.1:7400"] },
                JsonSerializerOptions.Web),
        ]);

    private static FuzzTarget Csv => new(
        "CSV", typeof(CsvReader),
        input =>
        {
            using var reader = new StreamReader(new MemoryStream(input.ToArray()));
            CsvReader.Read(reader, "file.csv", "y", null, null);
        },
        Declared.Only<DataException>(),
        [.. new[] { "a,\"b,\"\"c\",y\r\n1,2.5,u\r\n-3e4,\"5\",v\r\n6,7,\"w\nw\"\r\n", "x,y\n1,2\n3,4\n", "\"y\",z\n1.5,1e3\n" }.Select(Encoding.UTF8.GetBytes)]);

    private static FuzzTarget Idx => new(
        "IDX", typeof(IdxReader),
        input =>
        {
            using var stream = new MemoryStream(input.ToArray());
            MnistFiles.Combine("images", IdxReader.Read(stream, "images", 3), "labels", [1, 2]);
        },
        Declared.Only<DataException>(),
        [IdxFile.Images(2), IdxFile.Gzip(IdxFile.Images(2))])
    {
        // A first buffer of a MiB, and an inflater; a header is believed only as far as bytes arrive.
        FixedAllocation = 3 << 20,
        AllocationPerByte = 2048,
    };

    private static FuzzTarget Update => new(
        "kept update", typeof(Outbox),
        input =>
        {
            using var stream = new MemoryStream(input.ToArray());
            var entry = Outbox.Read(stream);
            PropertyException.Require(entry.Values.Length < input.Length && entry.Digests.Length == entry.Plan.Count, "an update is not as long as its file says");
        },
        Outbox.IsDamage,
        Repository.Updates);
}
