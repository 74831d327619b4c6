using System.Collections.Concurrent;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace OrleansEdge.Architecture.Tests;

/// <summary>A C# file of the tree with its syntax; nothing is resolved.</summary>
internal sealed class SourceFile
{
    private static readonly ConcurrentDictionary<string, SourceFile> Parsed = [];

    private SourceFile(string path)
    {
        Path = path;
        Tree = CSharpSyntaxTree.ParseText(Repository.Read(path));
        Root = Tree.GetCompilationUnitRoot();
    }

    /// <summary>Relative to the repository's root.</summary>
    public string Path { get; }

    /// <summary>The file's syntax.</summary>
    public CompilationUnitSyntax Root { get; }

    /// <summary>The number of lines.</summary>
    public int Lines => Tree.GetText().Lines.Count - 1;

    /// <summary>All types of the file, nested ones too.</summary>
    public IEnumerable<TypeDeclarationSyntax> Types => Root.DescendantNodes().OfType<TypeDeclarationSyntax>();

    /// <summary>All identifiers; comments are not among them.</summary>
    public IEnumerable<string> Identifiers => Root.DescendantTokens().Where(token => token.IsKind(SyntaxKind.IdentifierToken)).Select(token => token.ValueText);

    /// <summary>The namespaces that the file uses.</summary>
    public IEnumerable<string> Usings => Root.DescendantNodes().OfType<UsingDirectiveSyntax>().Select(directive => directive.NamespaceOrType.ToString());

    private SyntaxTree Tree { get; }

    /// <summary>The files under the given folders.</summary>
    public static IEnumerable<SourceFile> In(params string[] folders) =>
        Repository.Sources(folders).Select(path => Parsed.GetOrAdd(path, static path => new SourceFile(path)));

    /// <summary>The number of lines from a node's first to its last.</summary>
    public int LinesOf(SyntaxNode node)
    {
        var span = Tree.GetLineSpan(node.Span);
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    /// <summary>Where a node is, for a message.</summary>
    public string Place(SyntaxNode node) => $"{Path}:{Tree.GetLineSpan(node.Span).StartLinePosition.Line + 1}";
}
