using System.Diagnostics;
using System.Text.Json;
using OrleansEdge.EdgeAgent.Tests.Data;

namespace OrleansEdge.EdgeAgent.Tests.Doctor;

/// <summary>The agent's doctor as a process: no site runs.</summary>
public sealed class DoctorProgramTests
{
    [Fact]
    public async Task Says_that_the_site_is_dead_and_all_else_is_well()
    {
        using var folder = new TestFolder();
        var info = new ProcessStartInfo(
            "dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "EdgeAgent.dll"), "doctor", "--site", "http://127.0.0.1:1", "--folder", folder.Path, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var report = JsonElement.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((1, ""), (process.ExitCode, await error));
        var findings = report.GetProperty("findings").EnumerateArray().ToLookup(finding => finding.GetProperty("severity").GetString(), finding => finding.GetProperty("subject").GetString());
        Assert.Equal(["site"], findings["problem"]);
        Assert.Equal(["clock", "contract"], findings["warning"]);
        Assert.Contains("libtorch", findings["ok"]);
    }
}
