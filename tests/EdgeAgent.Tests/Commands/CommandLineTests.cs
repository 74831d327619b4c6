using System.Diagnostics;
using OrleansEdge.EdgeAgent.Tests.Data;

namespace OrleansEdge.EdgeAgent.Tests.Commands;

/// <summary>The agent as a process, with what a user may get wrong. No site runs: all of this shows before one is asked.</summary>
public sealed class CommandLineTests
{
    public static TheoryData<string, string> WrongInput => new()
    {
        { "join", "error: Option '--device' is required." },
        { "frob", "error: Unrecognized command or argument 'frob'." },
        { "simulate --devices x --data d=generated", "'x'" },
        { "join --device Dev1 --data d=generated", "error: 'Dev1' is not a participant id: use lower-case letters" },
        { "join --device dev1 --data generated", "error: --data 'generated' has no name: write NAME=SPEC" },
        { "join --device dev1 --data d=frob", "error: 'frob' is no kind of data: write mnist:FOLDER" },
        { "join --device dev1 --data d=generated --split iid", "error: --split needs --part" },
        { "join --device dev1 --data d=generated --part 3/2", "error: '3/2' is not a part" },
        { "join --device dev1 --data d=generated --site ftp://x", "error: 'ftp://x' is not the address of a site" },
        { "join --device dev1 --data d=generated --folder /dev/null/x", "error: The agent's folder /dev/null/x cannot be used" },
        { "simulate --devices 0 --data d=generated", "error: --devices is 0: use a whole number" },
        { "simulate --devices 2 --data d=mnist:/nowhere", "error: The folder '/nowhere' does not exist" },
        { "simulate --devices 2 --prefix A --data d=generated", "error: 'A1' is not a participant id" },
        { "simulate --devices 2 --data d=generated --folder /dev/null/x", "error: The agent's folder /dev/null/x/sim1 cannot be used" },
        { "simulate --site https://127.0.0.1:1 --devices 3 --data d=generated", "error: 3 of 3 devices have no certificate yet: the site's operator makes one invitation for them with 'devices invite --count 3'" },
        { "evaluate digits@1 --site https://127.0.0.1:1 --data generated", "error: The site is secured: give the folder of a device that has enrolled" },
        { "evaluate digits@1 --site https://127.0.0.1:1 --data generated --folder sim", "error: There is no device that has enrolled in the folder 'sim'" },
        { "evaluate digits --data generated", "error: 'digits' is not a model version: write NAME@NUMBER" },
    };

    [Theory]
    [MemberData(nameof(WrongInput))]
    public async Task Wrong_input_is_told_in_a_sentence_and_ends_with_2(string arguments, string sentence)
    {
        using var folder = new TestFolder();
        var info = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "EdgeAgent.dll"), .. arguments.Split(' ')])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder.Path,
            Environment = { ["XDG_DATA_HOME"] = folder.Path },
        };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal((2, ""), (process.ExitCode, await output));
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.All(error.TrimEnd('\n').Split('\n'), line => Assert.EndsWith(".", line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", error, StringComparison.Ordinal);
    }
}
