using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Architecture.Tests;

/// <summary>What is on the wire and in stored state keeps its name.</summary>
public sealed class ContractTests
{
    private const string Prefix = "oe.";
    private const string ConstantsFile = "Contracts/Aliases.cs";
    private static readonly string[] Production = ["Contracts", "Grains", "Silo", "EdgeAgent"];

    private static Dictionary<string, string> Constants => SourceFile.In("Contracts").Single(file => file.Path == ConstantsFile).Root.DescendantNodes()
        .OfType<VariableDeclaratorSyntax>()
        .ToDictionary(constant => constant.Identifier.ValueText, constant => TextOf(constant.Initializer!.Value), StringComparer.Ordinal);

    [Fact]
    public void Alias_of_a_type_is_unique_and_has_the_prefix()
    {
        var constants = Constants;
        var aliases = (
            from file in SourceFile.In(Production)
            from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
            from alias in AliasesOf(type.AttributeLists)
            select (Name: Resolve(alias, constants), Place: $"{file.Place(type)} {type.Identifier.ValueText}")).ToList();

        Assert.NotEmpty(aliases);
        Assert.Empty(aliases.Where(alias => !alias.Name.StartsWith(Prefix, StringComparison.Ordinal)).Select(alias => $"{alias.Place}: '{alias.Name}'"));
        Assert.Empty(aliases.GroupBy(alias => alias.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
            .Select(group => $"'{group.Key}' is given to {string.Join(" and ", group.Select(alias => alias.Place))}"));
    }

    [Fact]
    public void Constants_of_aliases_are_unique_and_used()
    {
        var constants = Constants;
        Assert.Equal(constants.Count, constants.Values.Distinct(StringComparer.Ordinal).Count());
        var used = SourceFile.In(Production).SelectMany(file => file.Root.DescendantNodes().OfType<MemberAccessExpressionSyntax>())
            .Where(access => access.Expression.ToString() == "Aliases").Select(access => access.Name.Identifier.ValueText).ToHashSet(StringComparer.Ordinal);
        Assert.Empty(constants.Keys.Except(used, StringComparer.Ordinal));
    }

    [Fact]
    public void Method_of_a_grain_interface_has_an_alias_of_its_own()
    {
        var interfaces = (
            from file in SourceFile.In(Production)
            from type in file.Types.OfType<InterfaceDeclarationSyntax>()
            where type.BaseList is { } bases && bases.Types.Any(basis => basis.Type.ToString().StartsWith("IGrainWith", StringComparison.Ordinal))
            select (file, type)).ToList();

        Assert.NotEmpty(interfaces);
        foreach (var (file, type) in interfaces)
        {
            var methods = type.Members.OfType<MethodDeclarationSyntax>().Select(method => (method, Alias: AliasesOf(method.AttributeLists).SingleOrDefault())).ToList();
            Assert.Empty(methods.Where(entry => entry.Alias is null).Select(entry => $"{file.Place(entry.method)}: {entry.method.Identifier.ValueText} has no alias"));
            Assert.Equal(methods.Count, methods.Select(entry => TextOf(entry.Alias!)).Distinct(StringComparer.Ordinal).Count());
        }
    }

    [Theory]
    [InlineData("Contracts/OrleansEdge.Contracts.csproj")]
    [InlineData("Grains/OrleansEdge.Grains.csproj")]
    public void Contract_is_guarded_by_the_analyser(string project)
    {
        Assert.Contains("<EnableOrleansContractsAnalyzer>true</EnableOrleansContractsAnalyzer>", Repository.Read(project), StringComparison.Ordinal);
        Assert.Contains("interface [GrainInterfaceType(", Repository.Read($"{Path.GetDirectoryName(project)}/OrleansContracts.txt"), StringComparison.Ordinal);
    }

    private static IEnumerable<ExpressionSyntax> AliasesOf(Microsoft.CodeAnalysis.SyntaxList<AttributeListSyntax> lists) => lists
        .SelectMany(list => list.Attributes)
        .Where(attribute => attribute.Name.ToString() == "Alias")
        .Select(attribute => attribute.ArgumentList!.Arguments[0].Expression);

    private static string Resolve(ExpressionSyntax alias, Dictionary<string, string> constants) =>
        alias is MemberAccessExpressionSyntax access ? constants[access.Name.Identifier.ValueText] : TextOf(alias);

    private static string TextOf(ExpressionSyntax expression) => ((LiteralExpressionSyntax)expression).Token.ValueText;
}
