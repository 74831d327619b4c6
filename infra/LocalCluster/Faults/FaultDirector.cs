using OrleansEdge.Contracts.Faults;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.LocalCluster.Faults;

/// <summary>What a director can lay hands on.</summary>
internal interface IFaultStage
{
    /// <summary>The product's process that has, or has had, an id.</summary>
    ManagedProcess? Find(int process);

    /// <summary>The service that a target means; null if the site has none.</summary>
    ManagedProcess? ServiceOf(FaultTarget target);

    /// <summary>The relays between a process and others: of a silo to its services, or of a service to all silos.</summary>
    IReadOnlyList<TcpRelay> RelaysOf(ManagedProcess process);
}

/// <summary>
/// Watches what processes claim, and does what they cannot do: to services, and what ends a fault. Records all of it.
/// </summary>
internal sealed class FaultDirector : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private readonly FaultRecord record;
    private readonly IFaultStage stage;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly List<(long Since, Action End)> lasting = [];
    private readonly List<PlannedFault> waiting;
    private readonly Task directing;

    /// <summary>Begins to watch.</summary>
    public FaultDirector(FaultRecord record, IFaultStage stage, TimeProvider time)
    {
        this.record = record;
        this.stage = stage;
        this.time = time;
        waiting = [.. record.Plan.Faults];
        directing = waiting.Count == 0 ? Task.CompletedTask : Direct();
    }

    /// <summary>Ends all faults that last.</summary>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await directing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.Dispose();
        foreach (var (_, end) in lasting)
        {
            end();
        }
    }

    private async Task Direct()
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stop.Token))
        {
            foreach (var fault in waiting.ToArray())
            {
                if (record.Claims.ClaimantOf(fault) is { } claimant && stage.Find(claimant) is { } process)
                {
                    waiting.Remove(fault);
                    Do(fault, claimant, process);
                }
            }

            foreach (var ended in lasting.Where(fault => time.GetElapsedTime(fault.Since) >= PlannedFault.Pause).ToArray())
            {
                lasting.Remove(ended);
                ended.End();
            }
        }
    }

    private void Do(PlannedFault fault, int claimant, ManagedProcess process)
    {
        if (fault.Target is FaultTarget.Azurite or FaultTarget.Redis)
        {
            DoToService(fault);
            return;
        }

        record.Add(fault, process.Name, claimant);
        if (fault.Action == FaultAction.Freeze)
        {
            Last(() => ProcessSignals.Continue(claimant));
        }
        else if (fault.Action == FaultAction.Isolate)
        {
            Cut(process);
        }
    }

    private void DoToService(PlannedFault fault)
    {
        if (stage.ServiceOf(fault.Target) is { } service)
        {
            var id = service.Id;
            record.Add(fault, service.Name, id);
            switch (fault.Action)
            {
                case FaultAction.Kill:
                    service.Kill();
                    break;
                case FaultAction.Freeze:
                    ProcessSignals.Stop(id);
                    Last(() => ProcessSignals.Continue(id));
                    break;
                default:
                    Cut(service);
                    break;
            }
        }

        record.Claims.Finish(fault);
    }

    private void Cut(ManagedProcess process)
    {
        foreach (var relay in stage.RelaysOf(process))
        {
            relay.Cut(PlannedFault.Pause);
        }
    }

    private void Last(Action end) => lasting.Add((time.GetTimestamp(), end));
}
