using System.CommandLine;
using System.Text.Json;
using OrleansEdge.Silo.Commands;
using Verbs = OrleansEdge.Silo.Commands.Commands;

namespace OrleansEdge.Silo.Tests.Commands;

/// <summary>What a command line came to.</summary>
/// <param name="ExitCode">The exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CommandResult(int ExitCode, string Output, string Error)
{
    /// <summary>The one JSON document that the output must be.</summary>
    public JsonElement Json => JsonElement.Parse(Output);
}

/// <summary>Runs the program's verbs in this process.</summary>
internal static class CommandLine
{
    public static async Task<CommandResult> Run(Uri site, params string[] arguments)
    {
        var root = new RootCommand("the program under test");
        Verbs.AddTo(root);
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Verbs.Run(
            root, [.. arguments, "--site", site.AbsoluteUri], new InvocationConfiguration { Output = output, Error = error }, TestContext.Current.CancellationToken);
        return new(code, output.ToString(), error.ToString());
    }
}
