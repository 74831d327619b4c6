using System.CommandLine;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Participation.Connection;

namespace OrleansEdge.Benchmarks.Flood;

/// <summary>What the noisy neighbour does.</summary>
internal enum FloodKind
{
    /// <summary>Burns processor time and says nothing.</summary>
    Burn = 0,

    /// <summary>Heartbeats without a pause.</summary>
    Calls = 1,

    /// <summary>Chunks of an upload that nobody has asked for.</summary>
    Chunks = 2,
}

/// <summary>A process that floods a site, or burns as much processor time in silence.</summary>
internal static class FloodCommand
{
    /// <summary>The verb.</summary>
    public const string Verb = "flood-device";

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(2);

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var site = new Option<string>("--site") { Required = true };
        var kind = new Option<FloodKind>("--kind") { Required = true };
        var inFlight = new Option<int>("--in-flight") { DefaultValueFactory = _ => 256 };
        var cores = new Option<double>("--cores");
        var command = new Command(Verb, "A device that floods its site.") { site, kind, inFlight, cores };
        command.Hidden = true;
        command.SetAction(arguments => arguments.GetValue(kind) == FloodKind.Burn
            ? Burn(arguments.GetValue(cores))
            : Flood(new Uri(arguments.GetRequiredValue(site)), arguments.GetValue(kind), arguments.GetValue(inFlight)));
        return command;
    }

    private static async Task Flood(Uri site, FloodKind kind, int inFlight)
    {
        var parent = ChildProcess.ParentEnded();
        await using var connection = await SiteConnection.Open([site], credentials: null, ProcessFaults.None, TimeProvider.System, NullLogger.Instance, observer: null, CancellationToken.None);
        using var device = new HeartbeatDevice(ParticipantId.Parse("flooder"), connection);
        await device.Register();
        var call = kind == FloodKind.Calls ? device.Beat : SendChunk(connection, device);
        await Task.WhenAny(parent, Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Repeat(call))));
    }

    private static Func<Task> SendChunk(SiteConnection connection, HeartbeatDevice device)
    {
        var bytes = new byte[Chunk.PreferredLength];
        var header = new UploadHeader(device.Id, bytes.Length, UpdateDigest.Of(bytes));
        var shard = connection.Grains.GetGrain<IShardGrain>("flood:1:0");
        return () => device.Call(() => shard.Append(header, 0, new Chunk(bytes)).AsTask());
    }

    /// <summary>Whatever the site answers, if it answers.</summary>
    private static async Task Repeat(Func<Task> call)
    {
        while (true)
        {
            try
            {
                await call();
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // Refused: the next one.
                await Task.Yield();
            }
        }
    }

    /// <summary>As much of the processor as was asked for, in small slices, by the process's own account.</summary>
    private static async Task Burn(double cores)
    {
        var parent = ChildProcess.ParentEnded();
        var began = Stopwatch.GetTimestamp();
        using var process = Process.GetCurrentProcess();
        var before = process.TotalProcessorTime;
        var threads = (int)Math.Ceiling(cores);
        await Task.WhenAny(parent, Task.WhenAll(Enumerable.Range(0, threads).Select(_ => Task.Run(async () =>
        {
            using var timer = new PeriodicTimer(Slice);
            while (!parent.IsCompleted)
            {
                process.Refresh();
                var due = Stopwatch.GetElapsedTime(began) * cores - (process.TotalProcessorTime - before);
                for (var slice = Stopwatch.GetTimestamp(); due > TimeSpan.Zero && Stopwatch.GetElapsedTime(slice) < Slice;)
                {
                    // Burns.
                }

                if (due <= TimeSpan.Zero)
                {
                    await timer.WaitForNextTickAsync();
                }
            }
        }))));
    }
}
