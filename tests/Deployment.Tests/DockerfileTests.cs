using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace OrleansEdge.Deployment.Tests;

/// <summary>What the images are made from exists, and fits the programs and what runs them.</summary>
public sealed partial class DockerfileTests
{
    private const string User = "1654:1654";

    public static TheoryData<string, string> Images => new() { { "silo", "Silo" }, { "agent", "EdgeAgent" } };

    [Theory]
    [MemberData(nameof(Images))]
    public void Project_that_is_published_and_program_that_is_started_exist(string image, string project)
    {
        var text = Read(image);
        var published = Publish().Match(text).Groups["project"].Value;
        Assert.Equal($"{project}/{project}.csproj", published);
        Assert.True(Repository.Has(published));
        Assert.Equal(["dotnet", $"{project}.dll"], Words(text, "ENTRYPOINT"));
        Assert.True(File.Exists(Path.Combine(AppContext.BaseDirectory, $"{project}.dll")));
        Programs.Parse($"{project}.dll", Words(text, "CMD"));
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Base_images_are_of_the_framework_that_the_program_needs(string image, string project)
    {
        var target = XDocument.Parse(Repository.Read("Directory.Build.props")).Descendants("TargetFramework").Single().Value["net".Length..];
        var bases = From().Matches(Read(image)).Select(match => match.Groups["image"].Value).ToList();
        var runtime = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, $"{project}.runtimeconfig.json"))).RootElement.GetProperty("runtimeOptions");
        var needsWeb = runtime.GetRawText().Contains("Microsoft.AspNetCore.App", StringComparison.Ordinal);
        Assert.Equal([$"mcr.microsoft.com/dotnet/sdk:{target}", $"mcr.microsoft.com/dotnet/{(needsWeb ? "aspnet" : "runtime")}:{target}-noble-chiseled"], bases);
    }

    [Theory]
    [MemberData(nameof(Images))]
    public void Image_runs_as_its_own_user_who_owns_what_it_writes(string image, string project)
    {
        var text = Read(image);
        Assert.Contains($"\nUSER {User}\n", text, StringComparison.Ordinal);
        Assert.Contains($"\nCOPY --from=build --chown={User} /out/empty /var/lib/orleansedge\n", text, StringComparison.Ordinal);
        Assert.All(Environment().Matches(text), match => Programs.RequireVariable(match.Groups["name"].Value, $"the image of {project}"));
    }

    [Fact]
    public void Silo_offers_the_ports_on_which_it_listens_when_nothing_else_is_said()
    {
        var options = Programs.Site(["serve"], certificates: null);
        Assert.Equal([options.Url.Port, options.GatewayPort, options.SiloPort], Line(Read("silo"), "EXPOSE").Split(' ').Select(int.Parse));
    }

    [Fact]
    public void What_is_copied_from_the_repository_is_there_and_not_left_out()
    {
        var ignored = Repository.Read(".dockerignore").Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Replace("**/", "", StringComparison.Ordinal)).ToList();
        var azurite = Line(Read("azurite"), "COPY").Split(' ')[..^1];
        Assert.All(azurite, file => Assert.True(Repository.Has(file), file));
        var needed = Repository.Files.Where(file => file.EndsWith(".csproj", StringComparison.Ordinal) && !file.StartsWith("tests/", StringComparison.Ordinal)).Concat(azurite).Append("infra/build/TorchSharpNative.targets");
        Assert.All(needed, file => Assert.DoesNotContain(file.Split('/'), ignored.Contains));
    }

    private static string Read(string image) => Repository.Read($"infra/containers/{image}.Dockerfile");

    private static string Line(string text, string instruction) =>
        text.Split('\n').Last(line => line.StartsWith(instruction + " ", StringComparison.Ordinal))[(instruction.Length + 1)..];

    private static string[] Words(string text, string instruction) => JsonSerializer.Deserialize<string[]>(Line(text, instruction))!;

    [GeneratedRegex("""dotnet publish (?<project>\S+)""")]
    private static partial Regex Publish();

    [GeneratedRegex("""^FROM (?:--platform=\S+ )?(?<image>\S+)""", RegexOptions.Multiline)]
    private static partial Regex From();

    [GeneratedRegex("""^(?:ENV| {3}) (?<name>\w+)=""", RegexOptions.Multiline)]
    private static partial Regex Environment();
}
