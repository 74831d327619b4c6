using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.LocalCluster;
using OrleansEdge.LocalCluster.Runs;
using OrleansEdge.LocalCluster.Sites;

namespace OrleansEdge.Soak;

/// <summary>Runs a job, kills at random, and reads in each round what is used.</summary>
internal sealed class SoakRun(SoakOptions options, TimeProvider time)
{
    /// <summary>For as long as there is time: the most that a job may have.</summary>
    private const int Unlimited = 100_000;

    private static readonly JobId Job = JobId.Parse("soak");
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan ProgressInterval = TimeSpan.FromSeconds(15);

    private readonly List<SoakSample> _samples = [];
    private int _siloKills;
    private int _agentKills;
    private long _began;

    /// <summary>Runs; when it returns or throws, no process is left.</summary>
    /// <exception cref="ClusterException">The run could not go on.</exception>
    public async Task<SoakReport> Run(CancellationToken cancellation)
    {
        using var work = WorkFolder.Open(options.Work, keep: false);
        await using var site = await SoakSite.Start(options, work, time, cancellation);
        await site.Client.Submit(JobFile(), "soak.yaml", torchScript: null, cancellation);
        _began = time.GetTimestamp();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var kills = options.KillEvery > TimeSpan.Zero ? Kill(site, ended.Token) : Task.CompletedTask;
        try
        {
            var watch = Watch(site, work, ended.Token);
            if (await Task.WhenAny(watch, site.Completion) != watch)
            {
                await site.Completion;
            }

            var progress = await watch;
            return await Report(site.Client, progress, cancellation);
        }
        finally
        {
            await ended.CancelAsync();
            await kills.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan Elapsed => time.GetElapsedTime(_began);

    private string JobFile() => string.Create(CultureInfo.InvariantCulture, $$"""
        job: {{Job}}
        model: logistic
        data: echo
        rounds: {{options.Rounds ?? Unlimited}}
        participants: {perRound: {{options.Agents}}, minimum: {{options.Agents}}}
        onMissedQuorum: extend
        deadline: 5m
        evaluation: none
        """);

    private async Task Kill(SoakSite site, CancellationToken cancellation)
    {
        var kills = new RandomKills(options.Seed, options.KillEvery, options.Agents);
        while (true)
        {
            var (after, process) = kills.Next();
            await Task.Delay(after, time, cancellation);
            if (process == RandomKills.Silo)
            {
                site.Kill(site.Silo);
                _siloKills++;
            }
            else
            {
                site.Kill(site.Agents.ElementAt(process));
                _agentKills++;
            }
        }
    }

    /// <summary>Until the rounds are done or the time is over.</summary>
    private async Task<JobProgress> Watch(SoakSite site, WorkFolder work, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval, time);
        var said = TimeSpan.Zero;
        var last = 0;
        while (true)
        {
            var job = await site.Client.GetJob(Job, cancellation);
            if (job.Round > last)
            {
                last = job.Round;
                _samples.Add(new(
                    last, Elapsed.TotalSeconds, ProcessReading.Of(site.Silo.Id),
                    [.. site.Agents.Select(agent => ProcessReading.Of(agent.Id)).OfType<ProcessReading>()], StoreReading.Of(work.Store)));
            }

            if (job.IsOver || Elapsed >= options.Time)
            {
                return job;
            }

            if (Elapsed - said >= ProgressInterval)
            {
                said = Elapsed;
                await Say(last);
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    private async Task Say(int round)
    {
        var sample = _samples.LastOrDefault();
        await (options.Json ? Console.Error : Console.Out).WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"{Elapsed.TotalSeconds,6:0} s  round {round,6}  silo {sample?.Silo?.WorkingSet / 1e6:0} MB, {sample?.Silo?.Handles} handles  store {sample?.Store.Blobs} blobs, "
            + $"{sample?.Store.Bytes / 1e3:0} KB  killed: silo {_siloKills}, agents {_agentKills}"));
    }

    private async Task<SoakReport> Report(SiteClient client, JobProgress job, CancellationToken cancellation)
    {
        if (job.Phase is JobPhase.Failed or JobPhase.Stopped)
        {
            throw new ClusterException($"The job has ended ({job.Phase.ToString().ToLowerInvariant()}): {job.Failure}");
        }

        var records = new List<RoundRecord>();
        while (await client.GetRounds(Job, records.Count == 0 ? 1 : records[^1].Round + 1, cancellation) is { Count: > 0 } more)
        {
            records.AddRange(more);
        }

        var whole = records.Where(record => record.Version is not null && record.Updates == options.Agents).Select(record => record.Round).ToHashSet();
        var done = Math.Max(records.Select(record => record.Round).DefaultIfEmpty().Max(), job.Phase == JobPhase.Completed ? job.Rounds : 0);
        return new SoakReport
        {
            Rounds = done,
            LostRounds = [.. Enumerable.Range(1, done).Where(round => !whole.Contains(round))],
            Seconds = Elapsed.TotalSeconds,
            SiloKills = _siloKills,
            AgentKills = _agentKills,
            Seed = options.Seed,
            SlowestRound = records.Select(record => record.Seconds).DefaultIfEmpty().Max(),
            BytesResent = records.Sum(record => record.BytesResent),
            Growth = SoakReport.Fit(_samples),
            Samples = _samples,
        };
    }
}
