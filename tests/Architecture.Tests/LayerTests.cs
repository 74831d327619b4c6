using System.Xml.Linq;

namespace OrleansEdge.Architecture.Tests;

/// <summary>Who may know what.</summary>
public sealed class LayerTests
{
    private static readonly string[] PureFolders = ["Grains/Strategies", "Grains/Selection", "Grains/Data", "Grains/Retention/Marking"];

    private static readonly HashSet<string> Impure = new(
        [
            "Task", "ValueTask", "Thread", "Timer", "TimeProvider", "DateTime", "DateTimeOffset", "Stopwatch", "Random", "File", "Directory",
            "Stream", "FileStream", "Console", "Environment", "Process", "HttpClient", "IGrainFactory", "Grain", "IGrainContext",
        ],
        StringComparer.Ordinal);

    public static TheoryData<string> Pure => [.. PureFolders];

    [Theory]
    [MemberData(nameof(Pure))]
    public void Algorithms_know_no_Orleans_no_input_or_output_and_no_clock(string folder)
    {
        var files = SourceFile.In(folder).ToList();
        Assert.NotEmpty(files);
        Assert.Empty(
            from file in files
            from name in file.Usings.Where(IsImpureNamespace).Concat(file.Identifiers.Where(Impure.Contains)).Distinct()
            select $"{file.Path} mentions {name}");
    }

    [Fact]
    public void Only_the_trainer_knows_TorchSharp() => Assert.Empty(
        SourceFile.In().Where(file => !file.Path.StartsWith("EdgeAgent/Training/Torch/", StringComparison.Ordinal)
                && !file.Path.StartsWith("tests/Benchmarks/", StringComparison.Ordinal)
                && !file.Path.StartsWith("tests/EdgeAgent.Tests/Training/Torch/", StringComparison.Ordinal))
            .Where(file => file.Identifiers.Contains("TorchSharp"))
            .Select(file => file.Path));

    [Fact]
    public void Contracts_reference_nothing_but_serialisation_and_hashing() => Assert.Equal(
        ["Microsoft.Orleans.Sdk", "System.IO.Hashing"], References("Contracts/OrleansEdge.Contracts.csproj"));

    [Theory]
    [InlineData("Grains/OrleansEdge.Grains.csproj")]
    [InlineData("Silo/Silo.csproj")]
    public void Servers_do_not_compute(string project) =>
        Assert.DoesNotContain(References(project), name => name.Contains("torch", StringComparison.OrdinalIgnoreCase) || name.Contains("EdgeAgent", StringComparison.Ordinal));

    [Fact]
    public void Agent_does_not_reference_the_servers() =>
        Assert.DoesNotContain(References("EdgeAgent/EdgeAgent.csproj"), name => name.Contains("Grains", StringComparison.Ordinal) || name.Contains("Silo", StringComparison.Ordinal));

    [Fact]
    public void Participants_share_what_a_device_and_a_site_need_alike() => Assert.Equal(
        ["../Contracts/OrleansEdge.Contracts.csproj", "Microsoft.Orleans.Client"], References("Participation/OrleansEdge.Participation.csproj"));

    private static bool IsImpureNamespace(string name) =>
        name is "Orleans" or "System.IO" or "System.Threading.Tasks" || name.StartsWith("Orleans.", StringComparison.Ordinal);

    private static IEnumerable<string> References(string project) => XDocument.Parse(Repository.Read(project)).Descendants()
        .Where(element => element.Name.LocalName is "PackageReference" or "ProjectReference")
        .Select(element => element.Attribute("Include")!.Value)
        .Order(StringComparer.Ordinal);
}
