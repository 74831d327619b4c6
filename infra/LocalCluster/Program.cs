using System.Runtime.InteropServices;
using OrleansEdge.LocalCluster.Commands;

using var stop = new CancellationTokenSource();
var exitCode = 0;

// Also when the terminal goes away: the processes that were started must not outlive this one.
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => Stop(signal, 130));
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, signal => Stop(signal, 143));
using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal => Stop(signal, 129));

var result = await ClusterCommand.Run(args, TimeProvider.System, stop.Token);
return stop.IsCancellationRequested && result != 0 ? exitCode : result;

void Stop(PosixSignalContext signal, int code)
{
    signal.Cancel = true;
    exitCode = code;
    try
    {
        stop.Cancel();
    }
    catch (ObjectDisposedException)
    {
        // It has ended already.
    }
}
