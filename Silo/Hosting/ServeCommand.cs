using System.CommandLine;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Silo.Hosting.Clustering;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Hosting;

/// <summary>The verb <c>serve</c>.</summary>
internal static class ServeCommand
{
    private static readonly Option<string> Name = new("--name")
    {
        Description = "The site's name: lower-case letters, digits and hyphens.",
        DefaultValueFactory = _ => "site",
    };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = "Where devices and operators begin: http://, or with --certificates https://, and an address of this machine, or 0.0.0.0 for all of them. "
            + "Default: port 7400 on 127.0.0.1.",
    };

    private static readonly Option<string?> Advertise = new("--advertise")
    {
        Description = "The address under which others reach this silo, where it listens on all of them or stands behind another one.",
        HelpName = "ADDRESS",
    };

    private static readonly Option<string?> Certificates = new("--certificates")
    {
        Description = $"The folder with the site's certificates, which 'certs init' makes. Default: the environment variable {CertificateFolder.Variable}; "
            + "without, the site is in clear, and only for this machine.",
        HelpName = "FOLDER",
    };

    private static readonly Option<bool> Insecure = new("--insecure")
    {
        Description = "Run in clear for others than this machine: whoever reaches the site can steer jobs, read models and take part.",
    };

    private static readonly Option<int> SiloPort = new("--silo-port") { Description = "The port for other silos.", DefaultValueFactory = _ => 11111 };

    private static readonly Option<int> GatewayPort = new("--gateway-port") { Description = "The port for devices.", DefaultValueFactory = _ => 30000 };

    private static readonly Option<string> Store = new("--store")
    {
        Description = "Where the site keeps models and jobs: a folder, made if it is not there; 'azure' for a storage account whose connection string is in "
            + $"{StoreConnection.Variable}; or https://ACCOUNT.blob.core.windows.net, reached by the identity of the process.",
        DefaultValueFactory = _ => "store",
    };

    private static readonly Option<string?> Cluster = new("--cluster")
    {
        Description = "For a site of several silos: the Redis in which they know each other, redis://HOST:PORT; "
            + $"its password comes from the environment variable {RedisAddress.PasswordVariable}, or the file that {RedisAddress.PasswordVariable}_FILE names.",
    };

    private static readonly Option<string?> Parent = new("--parent")
    {
        Description = "The site above this one: http:// or https:// and its address, several with commas between for its several silos. This site then takes part "
            + $"in the parent's jobs with its own devices, and goes on without it for a while. Default: the environment variable {ParentAddress.Variable}, or where 'certs join' has enrolled this site; otherwise there is none.",
        HelpName = "URL",
    };

    /// <summary>Makes the verb.</summary>
    public static Command Create()
    {
        var command = new Command(Commands.Commands.Serve, "Runs the site until it is told to stop (Ctrl-C or SIGTERM).")
        {
            Name, Urls, Advertise, SiloPort, GatewayPort, Store, Cluster, Certificates, Insecure, Parent,
        };
        command.SetAction(async (arguments, cancellation) =>
        {
            try
            {
                return await SiteHost.Run(Read(arguments), cancellation);
            }
            catch (Exception exception) when (StartFailure.Explain(exception) is not null)
            {
                await Console.Error.WriteLineAsync($"error: {Sentence.Of(StartFailure.Explain(exception)!)}");
                return exception is FormatException ? 2 : 1;
            }
        });
        return command;
    }

    /// <summary>The site that the options describe.</summary>
    /// <param name="arguments">The options.</param>
    /// <param name="requiresEnrolment">Whether a site that has not enrolled at its secured parent is refused.</param>
    /// <exception cref="FormatException">They cannot be used.</exception>
    internal static SiteOptions Read(ParseResult arguments, bool requiresEnrolment = true)
    {
        var folder = arguments.GetValue(Certificates) ?? Environment.GetEnvironmentVariable(CertificateFolder.Variable);
        var address = SiteAddress.Read(
            arguments.GetValue(Urls), arguments.GetValue(Advertise), isSecured: !string.IsNullOrEmpty(folder), arguments.GetValue(Insecure));
        var store = StoreLocation.Parse(arguments.GetRequiredValue(Store));
        CertificateFolder? certificates = string.IsNullOrEmpty(folder) ? null : new(Path.GetFullPath(folder));
        return new SiteOptions
        {
            Parents = ParentAddress.Read(arguments.GetValue(Parent), certificates, requiresEnrolment),
            Name = SiteName.Parse(arguments.GetRequiredValue(Name)),
            Url = address.Url,
            Address = address.Advertised,
            Listen = address.Listen,
            ListenUrl = address.ListenUrl,
            Certificates = certificates,
            IsInsecure = arguments.GetValue(Insecure),
            SiloPort = RequirePort(arguments.GetRequiredValue(SiloPort), "--silo-port"),
            GatewayPort = RequirePort(arguments.GetRequiredValue(GatewayPort), "--gateway-port"),
            Store = store,
            Cluster = ReadCluster(arguments, store),
            ClusterPassword = SecretVariable.Read(RedisAddress.PasswordVariable, Environment.GetEnvironmentVariable),
        };
    }

    private static RedisAddress? ReadCluster(ParseResult arguments, StoreLocation store)
    {
        var address = arguments.GetValue(Cluster) is { } text ? RedisAddress.Parse(text) : null;
        return address is null || store.IsShared
            ? address
            : throw new FormatException("--cluster makes this one of several silos, which need a store that they share; a folder is for one silo alone: " +
                $"give --store {StoreLocation.AzureWord}, with its connection string in {StoreConnection.Variable}, or the address of a storage account.");
    }

    private static int RequirePort(int port, string option) => port is > 0 and <= ushort.MaxValue
        ? port
        : throw new FormatException($"{option} is {port}: a port is a number from 1 to {ushort.MaxValue}.");
}
