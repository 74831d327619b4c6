using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using Spectre.Console;

namespace OrleansEdge.EdgeAgent.Tests.Data;

/// <summary>Factories that never reach a network.</summary>
internal static class TestSources
{
    public static DataSourceFactory Factory(bool keepLoaded = false) =>
        new(new MnistDownload("http://127.0.0.1:9", "unused", Console(TextWriter.Null)), keepLoaded);

    public static IAnsiConsole Console(TextWriter writer) => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer) });
}
