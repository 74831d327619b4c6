using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.EdgeAgent.Telemetry;
using OrleansEdge.EdgeAgent.Training.Torch;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>What an agent's process is made of, and what ends it: Ctrl-C, SIGTERM, or the end of the program that started it.</summary>
internal sealed class AgentProcess : IDisposable
{
    private const string ParentPipeVariable = "ORLEANSEDGE_PARENT_PIPE";

    private readonly AgentTelemetry _telemetry;
    private readonly CancellationTokenSource _stop;
    private readonly PosixSignalRegistration _terminate;

    private AgentProcess(AgentTelemetry telemetry, AgentHost host, CancellationTokenSource stop)
    {
        _telemetry = telemetry;
        _stop = stop;
        Host = host;
        _terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            _stop.Cancel();
        });
        if (Environment.GetEnvironmentVariable(ParentPipeVariable) == "1")
        {
            _ = Task.Run(EndWithParent);
        }
    }

    /// <summary>The participants' host.</summary>
    public AgentHost Host { get; }

    /// <summary>Cancelled when the process is to end.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Puts the process together.</summary>
    /// <param name="name">The device, or what names all devices of this process; for telemetry.</param>
    /// <param name="concurrency">How many participants may train at once.</param>
    /// <param name="cancellation">Ends it.</param>
    public static AgentProcess Start(string name, int concurrency, CancellationToken cancellation)
    {
        var telemetry = AgentTelemetry.Start(name, builder => builder.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ss.fffZ ";
        }));
        var time = TimeProvider.System;
        var factory = new TorchTrainerFactory(new TorchScriptProbe(ProbeLimits.Default, time), time);
        var host = new AgentHost(factory, concurrency, ProcessFaults.FromEnvironment(time, FaultTarget.Agent), time, telemetry.Logging);
        return new AgentProcess(telemetry, host, CancellationTokenSource.CreateLinkedTokenSource(cancellation));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _terminate.Dispose();
        Host.Dispose();
        _stop.Dispose();
        _telemetry.Dispose();
    }

    private async Task EndWithParent()
    {
        await using var input = Console.OpenStandardInput();
        var buffer = new byte[1];
        while (await input.ReadAsync(buffer) > 0)
        {
            // What the parent writes does not matter; that it is there does.
        }

        await _stop.CancelAsync();
    }
}
