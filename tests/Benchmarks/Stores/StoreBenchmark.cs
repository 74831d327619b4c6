using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage.Azure;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Benchmarks.Stores;

/// <summary>
/// The blob stores against the same work without them: a file with the same flushes, and the storage service's own client. Each pair is measured
/// one after the other, in changing order; the figure is the median of the pairs' ratios.
/// </summary>
internal static class StoreBenchmark
{
    private static readonly string[] Stores = ["folder", "azurite"];

    /// <summary>The verb <c>store</c>.</summary>
    public static Command Create()
    {
        var length = new Option<int>("--length") { Description = "Bytes of a blob", DefaultValueFactory = _ => 4 << 20 };
        var count = new Option<int>("--count") { Description = "Blobs of a measurement", DefaultValueFactory = _ => 8 };
        var repetitions = new Option<int>("--repetitions") { Description = "Measurements of each pair", DefaultValueFactory = _ => 9 };
        var only = new Option<string?>("--only") { Description = "folder or azurite; both without it" };
        only.AcceptOnlyFromAmong(Stores);
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line" };
        var command = new Command("store", "Throughput of the blob stores, as a ratio to a bare file and to the service's own client")
        {
            length, count, repetitions, only, json,
        };
        command.SetAction(async (result, cancellation) =>
        {
            var work = new StoreWork(result.GetValue(length), result.GetValue(count));
            var chosen = result.GetValue(only) is { } one ? [one] : Stores;
            return await Run(work, chosen, result.GetValue(repetitions), result.GetValue(json), cancellation);
        });
        return command;
    }

    private static async Task<int> Run(StoreWork work, string[] stores, int repetitions, bool json, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("orleansedge-stores-").FullName;
        var figures = new List<StoreFigure>();
        try
        {
            if (stores.Contains("folder"))
            {
                using var store = FolderBlobStore.Open(Path.Combine(folder, "store"));
                figures.AddRange(await Measure("folder", work, store, new BareFolder(Path.Combine(folder, "bare")), repetitions, cancellation));
            }

            if (stores.Contains("azurite"))
            {
                await using var server = await AzuriteServer.Start(folder, cancellation);
                var store = AzureBlobStore.Connect(server.NewAccount());
                figures.AddRange(await Measure("azurite", work, store, await BareClient.Create(server.NewAccount()), repetitions, cancellation));
            }
        }
        catch (AzuriteException exception)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(new { work.Length, work.Count, figures }, JsonSerializerOptions.Web));
        }

        return 0;
    }

    private static async Task<List<StoreFigure>> Measure(
        string name, StoreWork work, Grains.Storage.IBlobStore store, IBareStore bare, int repetitions, CancellationToken cancellation)
    {
        (string Work, Func<Task> Store, Func<Task> Bare)[] pairs =
        [
            ("write", () => work.Write(store, cancellation), () => work.Write(bare, cancellation)),
            ("stream", () => work.Stream(store, cancellation), () => work.Write(bare, cancellation)),
            ("read", () => work.Read(store, cancellation), () => work.Read(bare, cancellation)),
        ];
        var figures = new List<StoreFigure>();
        foreach (var (kind, own, other) in pairs)
        {
            var (ownSeconds, otherSeconds) = (new List<double>(), new List<double>());
            for (var repetition = -1; repetition < repetitions; repetition++)
            {
                var isFirst = repetition % 2 == 0;
                var before = isFirst ? await Time(own) : 0;
                var bareSeconds = await Time(other);
                var seconds = isFirst ? before : await Time(own);
                if (repetition >= 0)
                {
                    ownSeconds.Add(seconds);
                    otherSeconds.Add(bareSeconds);
                }
            }

            var megabytes = (double)work.Length * work.Count / 1e6;
            var figure = new StoreFigure(
                name, kind, megabytes / Statistics.Median(ownSeconds), megabytes / Statistics.Median(otherSeconds),
                Statistics.Median(otherSeconds.Zip(ownSeconds, (bareSeconds, seconds) => bareSeconds / seconds)));
            Console.WriteLine($"{figure.Store,-8} {figure.Work,-7} {figure.MegabytesPerSecond,8:F1} MB/s, bare {figure.BareMegabytesPerSecond,8:F1} MB/s: {figure.Ratio:F2}");
            figures.Add(figure);
        }

        return figures;
    }

    private static async Task<double> Time(Func<Task> work)
    {
        var started = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private sealed record StoreFigure(string Store, string Work, double MegabytesPerSecond, double BareMegabytesPerSecond, double Ratio);
}
