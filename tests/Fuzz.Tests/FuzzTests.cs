using System.Buffers;
using System.Globalization;
using System.Reflection;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Fuzz.Tests.Targets;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>
/// Whatever comes from outside, its reading ends with a value or with the exception that is declared: in time, within its memory, and alive.
/// </summary>
public sealed class FuzzTests
{
    /// <summary>How many inputs each parser gets; default 10,000.</summary>
    private const string InputsVariable = "ORLEANSEDGE_FUZZ_INPUTS";

    /// <summary>The seed of the inputs; default 1.</summary>
    private const string SeedVariable = "ORLEANSEDGE_FUZZ_SEED";

    /// <summary>A file to which a line is added for each parser.</summary>
    private const string ReportVariable = "ORLEANSEDGE_FUZZ_REPORT";

    private static readonly IReadOnlyDictionary<string, FuzzTarget> Targets =
        new[] { ContractTargets.All, WireTargets.All, StoreTargets.All, HostTargets.All, SecurityTargets.All, GatewayTargets.All }.SelectMany(targets => targets).ToDictionary(target => target.Name);

    /// <summary>Parts of a parser that has a target, and what reads nothing from outside.</summary>
    private static readonly string[] Parts = ["ModelManifestJson", "SafetensorsHeader", "CsvNumber", "ParticipantId", "TextIdentifierConverter`1"];

    public static TheoryData<string> Names => [.. Targets.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_input_is_read_or_refused(string name)
    {
        var target = Targets[name];
        var report = new FuzzRun(target, Setting(InputsVariable, 10_000), Setting(SeedVariable, 1)).Run();

        Write(target, report);
        Assert.InRange(report.Accepted, target.IsSealed ? 0 : 1, target.AcceptsAll ? report.Inputs : report.Inputs - 1);
    }

    [Fact]
    public void Every_parser_has_a_target()
    {
        var covered = Targets.Values.Select(target => target.Parser.Name).Concat(Parts).ToHashSet(StringComparer.Ordinal);
        Assembly[] product = [typeof(ModelManifest).Assembly, typeof(JobFile).Assembly, typeof(OrleansEdge.Silo.Web.VersionReference).Assembly,
            typeof(EdgeAgent.Data.DataException).Assembly, typeof(OrleansEdge.Participation.IInstructionRunner).Assembly];
        Assert.Empty(
            from assembly in product
            from type in assembly.GetTypes()
            where type.Namespace?.StartsWith(nameof(OrleansEdge), StringComparison.Ordinal) == true && !covered.Contains(type.Name)
            from method in type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
            where method.GetParameters() is [{ } first, ..] && IsOutside(first.ParameterType) && IsParser(method.Name, first.ParameterType)
            select $"{type.FullName}.{method.Name}");
    }

    /// <summary>What reads bytes has come by them; what reads a text may be given the name of a file or of a setting.</summary>
    private static bool IsParser(string name, Type input) => name is "Parse" or "TryParse" || (name is "Read" && input != typeof(string));

    private static bool IsOutside(Type type) =>
        type == typeof(string) || type == typeof(ReadOnlyMemory<byte>) || type == typeof(ReadOnlySpan<byte>) || type == typeof(ReadOnlySequence<byte>) || type == typeof(byte[]) || typeof(Stream).IsAssignableFrom(type);

    private static int Setting(string variable, int usual) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : usual;

    private static void Write(FuzzTarget target, FuzzReport report)
    {
        if (Environment.GetEnvironmentVariable(ReportVariable) is { Length: > 0 } path)
        {
            File.AppendAllText(path, string.Create(
                CultureInfo.InvariantCulture,
                $"{target.Name}: {report.Inputs} inputs, {report.Accepted} accepted, {report.Inputs - report.Accepted} refused, at most {report.LargestAllocation / 1024} KiB, {report.Duration.TotalSeconds:0.0} s\n"));
        }
    }
}
