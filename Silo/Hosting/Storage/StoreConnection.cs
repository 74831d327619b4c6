namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>Where the connection string of a storage account comes from; never from the command line, which everyone on a machine can read.</summary>
internal static class StoreConnection
{
    /// <summary>The environment variable that holds it.</summary>
    public const string Variable = "ORLEANSEDGE_STORE_CONNECTION";

    /// <summary>The environment variable that names a file that holds it and nothing else.</summary>
    public const string FileVariable = "ORLEANSEDGE_STORE_CONNECTION_FILE";

    /// <summary>Its key in the configuration: <c>ConnectionStrings:Store</c>.</summary>
    public const string ConfigurationName = "Store";

    /// <summary>The connection string.</summary>
    /// <exception cref="FormatException">There is none, or its file cannot be read.</exception>
    public static string Read(IConfiguration configuration)
    {
        var text = SecretVariable.Read(Variable, name => configuration[name]) ?? configuration.GetConnectionString(ConfigurationName);
        return !string.IsNullOrWhiteSpace(text) ? text.Trim() : throw new FormatException(
            $"--store {StoreLocation.AzureWord} needs a connection string: put it into the environment variable {Variable}, name a file with it in " +
            $"{FileVariable}, or set ConnectionStrings:{ConfigurationName} in appsettings.json.");
    }
}
