using System.Security.Cryptography;

namespace OrleansEdge.Azurite;

/// <summary>Accounts of one Azurite, with a key of their own, so that nothing on this machine uses them by mistake.</summary>
/// <param name="count">How many.</param>
public sealed class AzuriteAccounts(int count)
{
    /// <summary>The variable by which Azurite learns of its accounts.</summary>
    public const string Variable = "AZURITE_ACCOUNTS";

    private readonly string _key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(64));

    /// <summary>What <see cref="Variable"/> is set to.</summary>
    public string Value => string.Join(';', Enumerable.Range(0, count).Select(index => $"{NameOf(index)}:{_key}"));

    /// <summary>The connection string of an account.</summary>
    /// <param name="index">From 0.</param>
    /// <param name="port">Where Azurite listens on loopback.</param>
    public string ConnectionString(int index, int port)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
        return $"DefaultEndpointsProtocol=http;AccountName={NameOf(index)};AccountKey={_key};BlobEndpoint=http://127.0.0.1:{port}/{NameOf(index)};";
    }

    private static string NameOf(int index) => $"edge{index}";
}
