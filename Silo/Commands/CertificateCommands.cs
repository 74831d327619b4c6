using System.CommandLine;
using System.Security.Cryptography.X509Certificates;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>certs</c>: makes the certificates of a federation and of its sites. Works on files, not on a running site; only <c>join</c> asks the site above.</summary>
internal static class CertificateCommands
{
    private const string DefaultFolder = "certificates";

    private static readonly Option<string?> Folder = new("--folder", "--certificates")
    {
        Description = $"The folder with the certificates. Default: the environment variable {CertificateFolder.Variable}, or else {DefaultFolder}",
        HelpName = "FOLDER",
        Recursive = true,
    };

    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var certs = Commands.Create("certs", "Make the certificates that protect a site, or get them from the site above it", "certs init --site harbour", "certs join https://192.0.2.7:7400 --invite CODE", "certs operator ada");
        certs.Options.Add(Folder);
        certs.Subcommands.Add(Init());
        certs.Subcommands.Add(SiteJoinCommand.Create());
        certs.Subcommands.Add(Renew());
        certs.Subcommands.Add(Operator());
        return certs;
    }

    private static Command Init()
    {
        var site = new Option<string>("--site") { Description = "The site's name", DefaultValueFactory = _ => "site", HelpName = "NAME" };
        var authority = new Option<string?>("--authority") { Description = "An authority that exists: its certificate, PEM. Default: one is made", HelpName = "FILE" };
        var key = new Option<string?>("--authority-key") { Description = "Its key, PEM; it is used once and not copied", HelpName = "FILE" };
        var init = Commands.Create("init", "Make an authority, a site under it, and the site's first operator; what is there already stays",
            "certs init --site harbour", "certs init --site lake --authority ca.pem --authority-key ca.key --folder lake");
        init.Options.Add(site);
        init.Options.Add(authority);
        init.Options.Add(key);
        SetAction(init, (parse, output) =>
        {
            var folder = FolderOf(parse);
            using var root = Bring(parse.GetValue(authority), parse.GetValue(key));
            foreach (var line in folder.Init(SiteName.Parse(parse.GetRequiredValue(site)), root, TimeProvider.System.GetUtcNow()))
            {
                output.WriteLine(line);
            }

            output.WriteLine($"The certificates are in {folder.Path}. Start the site with 'serve --name {parse.GetRequiredValue(site)} --certificates {folder.Path}'.");
        });
        return init;
    }

    private static Command Renew()
    {
        var authority = new Option<string?>("--authority") { Description = "The authority's certificate, where it is not in the folder", HelpName = "FILE" };
        var key = new Option<string?>("--authority-key") { Description = "Its key", HelpName = "FILE" };
        var renew = Commands.Create("renew", "Give the site a new certificate for its key; running silos take it over within seconds", "certs renew");
        renew.Options.Add(authority);
        renew.Options.Add(key);
        SetAction(renew, (parse, output) =>
        {
            var folder = FolderOf(parse);
            if (ParentSite.IsThere(folder))
            {
                throw new CertificateException("the site above has issued this site's certificate, and renews it while this one runs: there is nothing to do.");
            }

            using var root = Bring(parse.GetValue(authority), parse.GetValue(key)) ?? PrivateFiles.ReadWithKey(folder.AuthorityFile, folder.AuthorityKey).Certificate;
            var expires = folder.RenewSite(root, TimeProvider.System.GetUtcNow());
            output.WriteLine($"The site's certificate is valid until {expires:yyyy-MM-dd}.");
        });
        return renew;
    }

    private static Command Operator()
    {
        var name = new Argument<string>("NAME") { Description = "The operator: lower-case letters, digits and hyphens" };
        var make = Commands.Create("operator", "Make an operator's certificate, with the site's key", "certs operator ada");
        make.Arguments.Add(name);
        SetAction(make, (parse, output) =>
        {
            var folder = FolderOf(parse);
            var person = ParticipantId.Parse(parse.GetRequiredValue(name));
            folder.MakeOperator(person, TimeProvider.System.GetUtcNow());
            output.WriteLine($"{folder.OperatorFile(person)} and {folder.OperatorKey(person)}: hand them over with {folder.AuthorityFile}, in a folder that only '{person}' can read.");
        });
        return make;
    }

    /// <summary>The folder that a command line names.</summary>
    internal static CertificateFolder FolderOf(ParseResult parse) => new(Path.GetFullPath(
        parse.GetValue(Folder) ?? (Environment.GetEnvironmentVariable(CertificateFolder.Variable) is { Length: > 0 } variable ? variable : DefaultFolder)));

    private static X509Certificate2? Bring(string? authority, string? key) => (authority, key) switch
    {
        (null, null) => null,
        (not null, not null) => PrivateFiles.ReadWithKey(authority, key).Certificate,
        _ => throw new CertificateException("an authority that exists needs both --authority and --authority-key."),
    };

    private static void SetAction(Command command, Action<ParseResult, TextWriter> act) => command.SetAction(parse =>
    {
        try
        {
            act(parse, parse.InvocationConfiguration.Output);
            return ExitCodes.Done;
        }
        catch (Exception exception) when (exception is CertificateException or FormatException or IOException or UnauthorizedAccessException)
        {
            parse.InvocationConfiguration.Error.WriteLine($"error: {Sentence.Of(exception.Message)}");
            return exception is FormatException ? ExitCodes.WrongInput : ExitCodes.Failed;
        }
    });
}
