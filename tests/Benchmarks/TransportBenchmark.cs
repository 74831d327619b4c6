using System.CommandLine;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Runs;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.EdgeAgent.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Identity;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Benchmarks;

/// <summary>What certificates cost: the same calls to a site in clear and to a secured one, in turns.</summary>
internal static class TransportBenchmark
{
    private const int ContentLength = 1 << 20;
    private const int ChunkLength = 256 * 1024;

    private static readonly Load[] Loads = [new("calls, 1 in flight", 1, 1), new("calls, 256 in flight", 256, 1), new("MB, 256 KiB, 8 in flight", 8, ChunkLength)];

    /// <summary>Makes the verb <c>transport</c>.</summary>
    public static Command Create()
    {
        var seconds = new Option<double>("--seconds") { Description = "How long each measurement takes.", DefaultValueFactory = _ => 2 };
        var repetitions = new Option<int>("--repetitions") { Description = "Measurements of each kind; the first one does not count.", DefaultValueFactory = _ => 6 };
        var work = new Option<string?>("--work") { Description = "Where the run's folder is made; default: the system's temporary folder." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object on the last line." };
        var command = new Command("transport", "Calls and bytes per second with certificates, as a ratio to the same in clear.") { seconds, repetitions, work, json };
        command.SetAction((arguments, _) => CommandFailures.Explain(() => Measure(
            TimeSpan.FromSeconds(arguments.GetValue(seconds)), Math.Max(2, arguments.GetValue(repetitions)), arguments.GetValue(work), arguments.GetValue(json))));
        return command;
    }

    private static async Task Measure(TimeSpan duration, int repetitions, string? parent, bool json)
    {
        using var work = new WorkFolder(parent);
        using var host = new AgentHost(new EchoTrainerFactory(1), 1, ProcessFaults.None, TimeProvider.System, NullLoggerFactory.Instance);
        await using var clear = await Side.Start(host, work, isSecured: false);
        await using var secured = await Side.Start(host, work, isSecured: true);
        var results = new List<Result>();
        foreach (var load in Loads)
        {
            var (plain, tls) = (new List<double>(), new List<double>());
            for (var repetition = 0; repetition < repetitions; repetition++)
            {
                plain.Add(await clear.Run(load, duration));
                tls.Add(await secured.Run(load, duration));
            }

            var result = new Result(load.Name, Statistics.Median(plain.Skip(1)), Statistics.Median(tls.Skip(1)));
            results.Add(result);
            Console.WriteLine($"{result.Name,-26} clear {result.Clear,12:N0}/s   secured {result.Secured,12:N0}/s   ratio {result.Ratio:0.00}");
        }

        if (json)
        {
            Console.WriteLine(JsonSerializer.Serialize(results, JsonSerializerOptions.Web));
        }
    }

    /// <param name="Name">For people.</param>
    /// <param name="InFlight">Calls at once.</param>
    /// <param name="Length">Bytes that each call reads.</param>
    private sealed record Load(string Name, int InFlight, int Length);

    /// <param name="Name">For people.</param>
    /// <param name="Clear">Calls, or 10⁶ bytes, a second.</param>
    /// <param name="Secured">The same with certificates.</param>
    private sealed record Result(string Name, double Clear, double Secured)
    {
        public double Ratio => Secured / Clear;
    }

    /// <summary>A site and a device's connection to it.</summary>
    private sealed class Side(MeasuredSite site, SiteConnection connection, ParticipantFolder folder, HttpClient? own, AccessTokenSource tokens, string content) : IAsyncDisposable
    {
        public static async Task<Side> Start(AgentHost host, WorkFolder work, bool isSecured)
        {
            var site = await MeasuredSite.Start(work, isSecured);
            var content = await site.Store(RandomNumberGenerator.GetBytes(ContentLength));
            var folder = ParticipantFolder.Open(work.At(isSecured ? "secured-device" : "device"));
            var device = ParticipantId.Parse("caller");
            var invitation = isSecured ? InvitationCode.Parse(await site.Invite(device.Value)) : null;
            await host.Admit([site.Address], device, invitation, folder, CancellationToken.None);
            var connection = await host.Connect([site.Address], folder.Identity, CancellationToken.None);
            var own = folder.Identity is { } identity ? new HttpClient(identity.CreateHandler()) : null;
            var tokens = new AccessTokenSource(token => connection.RequestToken(new(device.Value, folder.InstanceKey), own, token), TimeProvider.System);
            return new(site, connection, folder, own, tokens, content);
        }

        /// <summary>Calls for a while, and returns how many calls, or 10⁶ bytes, there were a second.</summary>
        public async Task<double> Run(Load load, TimeSpan duration)
        {
            // Both sides carry tokens, and both are looked at: what differs is the transport.
            tokens.Enter();
            var grain = connection.Grains.GetGrain<IContentGrain>(content);
            await AccessTokenSource.Call(() => grain.Read(0, load.Length, CancellationToken.None).AsTask());
            tokens.Enter();
            var began = Stopwatch.GetTimestamp();
            var counts = await Task.WhenAll(Enumerable.Range(0, load.InFlight).Select(async _ =>
            {
                var calls = 0L;
                while (Stopwatch.GetElapsedTime(began) < duration)
                {
                    await grain.Read(0, load.Length, CancellationToken.None);
                    calls++;
                }

                return calls;
            }));
            return counts.Sum() * (load.Length == 1 ? 1 : load.Length / 1e6) / Stopwatch.GetElapsedTime(began).TotalSeconds;
        }

        public async ValueTask DisposeAsync()
        {
            await connection.DisposeAsync();
            tokens.Dispose();
            own?.Dispose();
            folder.Dispose();
            site.Dispose();
        }
    }
}
