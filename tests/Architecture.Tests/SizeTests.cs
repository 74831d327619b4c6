using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Architecture.Tests;

/// <summary>The budgets: what outgrows them is two things.</summary>
public sealed class SizeTests
{
    private const int LinesOfFile = 400;
    private const int LinesThatWarn = 300;
    private const int LinesOfGrain = 300;
    private const int LinesOfMethod = 60;

    /// <summary>Grains that are over the budget and wait to be divided; the budget of a file holds for them all the same.</summary>
    private static readonly string[] GrainsToDivide = ["Grains/Jobs/JobGrain.cs", "Grains/Rounds/RoundGrain.cs"];

    [Fact]
    public void File_has_at_most_400_lines()
    {
        var large = SourceFile.In().Where(file => file.Lines > LinesThatWarn).ToList();
        foreach (var file in large)
        {
            TestContext.Current.AddWarning($"{file.Path} has {file.Lines} lines: from {LinesOfFile} on it must be divided.");
        }

        Assert.Empty(large.Where(file => file.Lines > LinesOfFile).Select(file => $"{file.Path}: {file.Lines} lines"));
    }

    [Fact]
    public void Grain_has_at_most_300_lines() => Assert.Equal(
        GrainsToDivide,
        SourceFile.In("Grains", "Silo")
            .Where(file => file.Path.EndsWith("Grain.cs", StringComparison.Ordinal) && file.Lines > LinesOfGrain)
            .Select(file => file.Path));

    [Fact]
    public void Method_has_at_most_60_lines() => Assert.Empty(
        from file in SourceFile.In()
        from method in file.Root.DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
        where file.LinesOf(method) > LinesOfMethod
        select $"{file.Place(method)}: {file.LinesOf(method)} lines");
}
