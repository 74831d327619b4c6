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
    public void Grain_has_at_most_300_lines() => Assert.Empty(
        SourceFile.In("Grains", "Silo").Where(file => Path.GetFileName(file.Path).EndsWith("Grain.cs", StringComparison.Ordinal))
            .Where(file => file.Lines > LinesOfGrain)
            .Select(file => $"{file.Path}: {file.Lines} lines; it is two grains, or a grain and an algorithm"));

    [Fact]
    public void Method_has_at_most_60_lines() => Assert.Empty(
        from file in SourceFile.In()
        from method in file.Root.DescendantNodes().Where(node => node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax)
        where file.LinesOf(method) > LinesOfMethod
        select $"{file.Place(method)}: {file.LinesOf(method)} lines");
}
