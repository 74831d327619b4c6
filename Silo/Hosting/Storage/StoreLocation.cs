using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>Where a site keeps its models and jobs: what <c>--store</c> says.</summary>
internal abstract record StoreLocation
{
    /// <summary>The word for an account whose connection string is in the environment or the configuration.</summary>
    public const string AzureWord = "azure";

    /// <summary>As long as a path can be.</summary>
    private const int MaximumLength = 4096;

    /// <summary>Whether several silos can use it at once.</summary>
    public abstract bool IsShared { get; }

    /// <summary>Reads the option's text.</summary>
    /// <exception cref="FormatException">It is none of the three, or holds a secret.</exception>
    public static StoreLocation Parse(string text)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new FormatException("--store is empty: give a folder, 'azure', or https://ACCOUNT.blob.core.windows.net.");
        }

        PrintableText.RequireLength("--store", text, MaximumLength, "give a folder, 'azure', or https://ACCOUNT.blob.core.windows.net");
        if (text == AzureWord)
        {
            return new AzureConnection();
        }

        if (text.Contains("AccountKey=", StringComparison.OrdinalIgnoreCase) || text.Contains("SharedAccessSignature=", StringComparison.OrdinalIgnoreCase))
        {
            throw new FormatException("--store has a connection string, which everyone on this machine could read there: " +
                $"write --store {AzureWord}, and put the string into the environment variable {StoreConnection.Variable}.");
        }

        return text.Contains("://", StringComparison.Ordinal) ? ParseAccount(text)
            : !text.Contains('\0', StringComparison.Ordinal) ? new StoreFolder(Path.GetFullPath(text))
            : throw new FormatException("--store has a character that no folder's name can have: give a folder, 'azure', or https://ACCOUNT.blob.core.windows.net.");
    }

    private static AzureAccount ParseAccount(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var account) || account.Scheme != Uri.UriSchemeHttps || account.AbsolutePath != "/")
        {
            throw new FormatException($"'{text.Split('?')[0]}' is not the address of a storage account: write for example --store https://ACCOUNT.blob.core.windows.net.");
        }

        return account.Query.Length == 0 && account.UserInfo.Length == 0
            ? new AzureAccount(account)
            : throw new FormatException("--store has a credential in the address, which everyone on this machine could read there: " +
                $"write --store {AzureWord}, and put a connection string with it into the environment variable {StoreConnection.Variable}.");
    }
}

/// <summary>A folder of this machine, for one silo alone.</summary>
/// <param name="Path">The full path.</param>
internal sealed record StoreFolder(string Path) : StoreLocation
{
    /// <inheritdoc/>
    public override bool IsShared => false;
}

/// <summary>A storage account by its connection string.</summary>
internal sealed record AzureConnection : StoreLocation
{
    /// <inheritdoc/>
    public override bool IsShared => true;
}

/// <summary>A storage account by its address and the identity of this process.</summary>
/// <param name="Account">The address.</param>
internal sealed record AzureAccount(Uri Account) : StoreLocation
{
    /// <inheritdoc/>
    public override bool IsShared => true;
}
