using System.Runtime.InteropServices;
using OrleansEdge.Soak;

using var stop = new CancellationTokenSource();
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
return await SoakCommand.Run(args, stop.Token);

void Stop(PosixSignalContext signal)
{
    // The processes that were started must not outlive this one.
    signal.Cancel = true;
    stop.Cancel();
}
