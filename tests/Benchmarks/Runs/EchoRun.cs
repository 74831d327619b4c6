using System.Globalization;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Exchange;
using OrleansEdge.Benchmarks.Processes;
using OrleansEdge.Benchmarks.Sites;
using OrleansEdge.Contracts.Faults;

namespace OrleansEdge.Benchmarks.Runs;

/// <summary>
/// Rounds of a real site with real agents that return their weights unchanged, and a plain exchange of the same bytes before and after, while
/// the site and its agents stand by.
/// </summary>
internal static class EchoRun
{
    private const string Job = "echo";

    /// <summary>Measures.</summary>
    public static async Task<EchoFigures> Measure(EchoPlan plan)
    {
        using var work = new WorkFolder(plan.Work);
        using var site = await MeasuredSite.Start(work);
        using var exchange = plan.Exchanges > 0 ? TcpExchange.Start(plan.Devices, plan.Parameters * sizeof(float), work) : null;
        var agents = Enumerable.Range(0, plan.Processes).Select(index => StartAgents(plan, index, site.Address, work)).ToList();
        try
        {
            await site.WaitForParticipants(plan.Devices, agents);
            Exchange(exchange, EchoPlan.ExchangeWarmUp);
            var exchanges = Exchange(exchange, plan.Exchanges);
            await site.Submit(JobFile(plan));
            var first = (await site.WaitForRound(Job, EchoPlan.WarmUp + 1, agents)).Round;
            var siloBefore = ProcessMeter.ProcessorSeconds(site.ProcessId);
            var agentsBefore = agents.Sum(agent => ProcessMeter.ProcessorSeconds(agent.Id));
            await site.WaitForRound(Job, int.MaxValue, agents);
            var counted = Math.Max(1, plan.Rounds - first + 1);
            var siloSeconds = (ProcessMeter.ProcessorSeconds(site.ProcessId) - siloBefore) / counted;
            var agentsSeconds = (agents.Sum(agent => ProcessMeter.ProcessorSeconds(agent.Id)) - agentsBefore) / counted;
            exchanges = [.. exchanges, .. Exchange(exchange, plan.Exchanges)];
            var rounds = (await site.Rounds(Job)).Where(round => round.Round > EchoPlan.WarmUp).ToList();
            RequireComplete(plan, rounds);
            var seconds = rounds.ConvertAll(round => round.Seconds);
            var median = Statistics.Median(seconds);
            double? plain = exchanges.Length > 0 ? Statistics.Median(exchanges) : null;
            var traffic = await site.Traffic();
            return new(
                plan.Devices, plan.Megabytes, plan.Strategy, median, seconds.Min(), seconds.Max(), plain, median / plain,
                ProcessMeter.PeakMegabytes(site.ProcessId), agents.Max(agent => ProcessMeter.PeakMegabytes(agent.Id)), siloSeconds, agentsSeconds,
                (traffic.BytesUp + traffic.BytesDown) / 1e6, seconds)
            {
                Faults = plan.Faults,
                UpdatesResent = rounds.Sum(round => round.BytesResent) / (plan.Megabytes * 1e6),
            };
        }
        finally
        {
            agents.ForEach(agent => agent.Stop());
            agents.ForEach(agent => agent.Dispose());
        }
    }

    private static double[] Exchange(TcpExchange? exchange, int times) =>
        exchange is null ? [] : [.. Enumerable.Range(0, times).Select(_ => exchange.Run())];

    private static ChildProcess StartAgents(EchoPlan plan, int index, Uri site, WorkFolder work)
    {
        var first = plan.Devices * index / plan.Processes;
        var devices = (plan.Devices * (index + 1) / plan.Processes) - first;
        Dictionary<string, string> environment = plan.Faults is { } faults
            ? new() { [ProcessFaults.DevelopmentVariable] = "1", [ProcessFaults.NetworkVariable] = faults }
            : [];
        return ChildProcess.StartSelf(
            work.At($"agent{index}.log"), environment, EchoAgentCommand.Verb, "--site", site.ToString(), "--first", Text(first + 1), "--devices", Text(devices),
            "--per-connection", Text(plan.PerConnection), "--parameters", Text(plan.Parameters), "--folder", work.At("agents"));
    }

    private static string JobFile(EchoPlan plan) => $$"""
        job: {{Job}}
        model: logistic
        data: {{EchoAgentCommand.DataOffered}}
        rounds: {{plan.Rounds}}
        strategy: {{plan.Strategy}}
        participants: {perRound: {{plan.Devices}}, minimum: {{plan.Devices}}}
        onMissedQuorum: fail
        deadline: 10m
        evaluation: none
        """;

    private static void RequireComplete(EchoPlan plan, List<RoundView> rounds)
    {
        if (rounds.Count != plan.Rounds - EchoPlan.WarmUp || rounds.Exists(round => round.Updates != plan.Devices))
        {
            throw new BenchmarkException("not every round was made of every device's update: the figures would mean nothing.");
        }
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
