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
        var findings = await Examine("--site", "http://127.0.0.1:1");

        Assert.Equal(["site"], findings["problem"]);
        Assert.Equal(["clock", "contract"], findings["warning"]);
        Assert.Contains("libtorch", findings["ok"]);
    }

    [Fact]
    public async Task Looks_at_the_other_sites_too()
    {
        var findings = await Examine("--site", "http://127.0.0.1:1", "--fallback", "http://127.0.0.1:2", "--fallback", "https://127.0.0.1:3");

        Assert.Equal(["site", "other site", "other site"], findings["problem"]);
        Assert.Equal(["clock", "contract", "clock", "contract", "certificate", "clock"], findings["warning"]);
    }

    private static async Task<ILookup<string?, string?>> Examine(params string[] sites)
    {
        using var folder = new TestFolder();
        var info = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "EdgeAgent.dll"), "doctor", .. sites, "--folder", folder.Path, "--json"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(info)!;
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var report = JsonElement.Parse(await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((1, ""), (process.ExitCode, await error));
        return report.GetProperty("findings").EnumerateArray().ToLookup(finding => finding.GetProperty("severity").GetString(), finding => finding.GetProperty("subject").GetString());
    }
}
