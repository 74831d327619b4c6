using System.Diagnostics;
using OrleansEdge.LocalCluster.Faults;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>How a process is started, each time in the same way.</summary>
/// <param name="Name">Its name for people: <c>silo1</c>, <c>dev1</c>, <c>redis</c>.</param>
/// <param name="Executable">What the operating system starts.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Temporary">Its folder for temporary files.</param>
internal sealed record ProcessStart(string Name, string Executable, IReadOnlyList<string> Arguments, string Temporary)
{
    /// <summary>Makes one of the product's processes end when its standard input does, so that it never outlives this one.</summary>
    private const string ParentPipeVariable = "ORLEANSEDGE_PARENT_PIPE";

    /// <summary>
    /// Becomes the program, and leaves a watcher behind that ends it when standard input does. The watcher holds no pipe of the program's.
    /// </summary>
    private const string ForeignScript = "exec 3<&0; (cat <&3; kill -s TERM $$) >/dev/null 2>&1 & exec 3<&-; exec \"$@\" </dev/null";

    /// <summary>Environment variables besides the inherited ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>A program of this product's, which knows by itself when this process is gone.</summary>
    public static ProcessStart OfProduct(string name, string host, string program, IEnumerable<string> arguments, string temporary) =>
        new(name, host, ["exec", program, .. arguments], temporary);

    /// <summary>Any other program that ends at SIGTERM; needs a POSIX shell.</summary>
    public static ProcessStart OfOthers(string name, string program, IEnumerable<string> arguments, string temporary) =>
        new(name, "/bin/sh", ["-c", ForeignScript, name, program, .. arguments], temporary);

    /// <summary>What the operating system is asked for.</summary>
    public ProcessStartInfo ToStartInfo()
    {
        var info = new ProcessStartInfo(Executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var argument in Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment[ParentPipeVariable] = "1";
        // A process that is killed leaves the sockets of its runtime there, which must go with the work folder.
        info.Environment["TMPDIR"] = Temporary;
        foreach (var variable in FaultRecord.Variables)
        {
            info.Environment.Remove(variable);
        }

        foreach (var (name, value) in Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }
}
