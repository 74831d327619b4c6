using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansEdge.Contracts.Security.Enrolment;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Security;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>certs join</c>: a new site enrols at the one above it.</summary>
internal static class SiteJoinCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var parent = new Argument<string[]>("URL") { Description = "Where the site above is: the address of one of its silos, or of several", Arity = ArgumentArity.OneOrMore };
        var invite = new Option<string?>("--invite")
        {
            Description = $"What 'sites invite' printed there; or @FILE. Default: the environment variable {DeviceAdmission.Variable}",
            HelpName = "CODE",
        };
        var join = Commands.Create(
            "join", "Enrol this site at the one above it: its keys are made here, and it gets certificates under that site's authority",
            "certs join https://192.0.2.7:7400 --invite CODE", "certs join https://192.0.2.7:7400 --invite @harbour.invite --certificates harbour");
        join.Arguments.Add(parent);
        join.Options.Add(invite);
        join.SetAction((parse, cancellation) => Run(parse, parse.GetRequiredValue(parent), parse.GetValue(invite), cancellation));
        return join;
    }

    private static async Task<int> Run(ParseResult parse, string[] parent, string? invite, CancellationToken cancellation)
    {
        try
        {
            await Join(CertificateCommands.FolderOf(parse), parent, invite, parse.InvocationConfiguration.Output, cancellation);
            return ExitCodes.Done;
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return ExitCodes.Interrupted;
        }
        catch (FormatException exception)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync($"error: {Sentence.Of(exception.Message)}");
            return ExitCodes.WrongInput;
        }
        catch (Exception exception) when (
            exception is CertificateException or CommandException or ParticipantRefusedException or HttpRequestException or IOException or UnauthorizedAccessException)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync($"error: {Sentence.Of(exception.Message)}");
            return ExitCodes.Failed;
        }
    }

    private static async Task Join(CertificateFolder folder, string[] parent, string? invite, TextWriter output, CancellationToken cancellation)
    {
        var addresses = parent.Select(ReadAddress).ToList();
        var invitation = DeviceAdmission.Read(invite)
            ?? throw new FormatException($"an invitation is missing: the operator of the site above makes one with 'sites invite NAME'; give it with --invite, or in {DeviceAdmission.Variable}.");
        var site = new EnrolledSite(folder);
        RequireFit(folder, site, invitation);
        PrivateFiles.CreateFolder(folder.Path);
        var enrolment = new SiteEnrolment(() => addresses, TimeProvider.System, NullLogger.Instance) { IsPatient = false };
        var credentials = await enrolment.EnrolSite(invitation, site, cancellation);
        site.WriteAddresses(addresses);
        await output.WriteLineAsync($"This site is '{credentials.Identity.Name}' now, below '{credentials.Site}'. Both of its certificates are renewed by themselves while it runs.");
        await output.WriteLineAsync($"The certificates are in {folder.Path}. Start the site with 'serve --name {credentials.Identity.LocalName} --certificates {folder.Path}'.");
    }

    private static Uri ReadAddress(string text)
    {
        var address = SiteApi.ParseAddress(text);
        return address.Scheme == Uri.UriSchemeHttps
            ? address
            : throw new FormatException($"'{text}' is in clear: a site enrols at a secured one, so write https://.");
    }

    /// <summary>What is in the folder already must be this site's, of an earlier enrolment.</summary>
    private static void RequireFit(CertificateFolder folder, EnrolledSite site, InvitationCode invitation)
    {
        if (!File.Exists(folder.SiteFile))
        {
            return;
        }

        using var files = SiteCertificateFiles.Read(folder);
        if (!Directory.Exists(site.ParentFolder) || files.Name.Value != $"{invitation.Site}/{invitation.InvitedSite}")
        {
            throw new CertificateException($"{folder.Path} holds the certificates of the site '{files.Name}' already: give another folder with --certificates.");
        }
    }
}
