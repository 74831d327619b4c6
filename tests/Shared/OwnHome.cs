using System.Runtime.CompilerServices;
using OrleansEdge.Contracts.Identity;

namespace OrleansEdge.Tests.Shared;

/// <summary>Gives a test program, and what it starts, a folder of its own in the place of the user's.</summary>
internal static class OwnHome
{
    [ModuleInitializer]
    internal static void Make()
    {
        if (Environment.GetEnvironmentVariable(OperatorCredential.FolderVariable) is not null)
        {
            // Started by a program that has made one.
            return;
        }

        var folder = Directory.CreateTempSubdirectory("orleansedge-home-").FullName;
        Environment.SetEnvironmentVariable(OperatorCredential.FolderVariable, folder);
        Environment.SetEnvironmentVariable(OperatorCredential.Variable, null);
        Environment.SetEnvironmentVariable(OperatorCredential.FileVariable, null);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
    }
}
