using System.Diagnostics;
using System.Text.Json;

namespace OrleansEdge.Architecture.Tests;

/// <summary>
/// The build property that changes over to the official provider of grain state. The package itself is not in every registry, so this checks
/// only what the property makes of the project.
/// </summary>
public sealed class OfficialAzureStorageTests
{
    private const string Package = "Microsoft.Orleans.Persistence.AzureStorage";
    private const string Symbol = "OFFICIAL_AZURE_STORAGE";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Property_brings_the_package_and_its_symbol(bool isSet)
    {
        using var project = JsonDocument.Parse(await Evaluate(isSet));
        var packages = project.RootElement.GetProperty("Items").GetProperty("PackageReference").EnumerateArray()
            .Select(item => item.GetProperty("Identity").GetString());
        var symbols = project.RootElement.GetProperty("Properties").GetProperty("DefineConstants").GetString()!.Split(';');
        Assert.Equal(isSet, packages.Contains(Package));
        Assert.Equal(isSet, symbols.Contains(Symbol));
    }

    [Fact]
    public void One_file_knows_the_symbol() => Assert.Equal(
        ["Silo/Hosting/Storage/GrainStateStorage.cs"],
        SourceFile.In("Contracts", "Grains", "Silo", "EdgeAgent", "infra")
            .Where(file => Repository.Read(file.Path).Contains(Symbol, StringComparison.Ordinal))
            .Select(file => file.Path));

    private static async Task<string> Evaluate(bool isSet)
    {
        var start = new ProcessStartInfo(
            "dotnet",
            ["msbuild", "Silo/Silo.csproj", "-nologo", $"-p:OfficialAzureStorage={isSet}", "-getItem:PackageReference", "-getProperty:DefineConstants"])
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["MSBUILDDISABLENODEREUSE"] = "1" },
        };
        using var process = Process.Start(start)!;
        var cancellation = TestContext.Current.CancellationToken;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(cancellation), process.StandardError.ReadToEndAsync(cancellation));
        await process.WaitForExitAsync(cancellation);
        Assert.True(process.ExitCode == 0, $"{await output}\n{await error}");
        return await output;
    }
}
