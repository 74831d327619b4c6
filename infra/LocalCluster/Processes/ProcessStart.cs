using System.Diagnostics;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.LocalCluster.Faults;

namespace OrleansEdge.LocalCluster.Processes;

/// <summary>How a process is started, each time in the same way.</summary>
/// <param name="Name">Its name for people: <c>silo</c>, <c>dev1</c>.</param>
/// <param name="Target">What it is in a kill plan.</param>
/// <param name="Host">The <c>dotnet</c> that runs it.</param>
/// <param name="Program">Its program file.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Temporary">Its folder for temporary files.</param>
internal sealed record ProcessStart(string Name, KillTarget Target, string Host, string Program, IReadOnlyList<string> Arguments, string Temporary)
{
    /// <summary>Makes the process end when its standard input does, so that it never outlives this one.</summary>
    private const string ParentPipeVariable = "ORLEANSEDGE_PARENT_PIPE";

    /// <summary>What the operating system is asked for.</summary>
    /// <param name="kill">The kill to arm; null for none.</param>
    public ProcessStartInfo ToStartInfo(PlannedKill? kill)
    {
        var info = new ProcessStartInfo(Host)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        info.ArgumentList.Add("exec");
        info.ArgumentList.Add(Program);
        foreach (var argument in Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment[ParentPipeVariable] = "1";
        // A process that is killed leaves the sockets of its runtime there, which must go with the work folder.
        info.Environment["TMPDIR"] = Temporary;
        info.Environment.Remove(KillSwitch.Variable);
        info.Environment.Remove(KillSwitch.DevelopmentVariable);
        if (kill is not null)
        {
            info.Environment[KillSwitch.DevelopmentVariable] = "1";
            info.Environment[KillSwitch.Variable] = kill.Variable;
        }

        return info;
    }
}
