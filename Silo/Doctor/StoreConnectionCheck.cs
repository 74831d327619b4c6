using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Hosting.Storage;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Whether there is a connection string for the storage account, and the account can be reached.</summary>
internal sealed class StoreConnectionCheck(IConfiguration configuration, Machine machine) : IDoctorCheck
{
    /// <inheritdoc/>
    public async Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        try
        {
            return await new ServerCheck(Server.Of("store", EndpointOf(StoreConnection.Read(configuration)), StoreConnection.Variable), machine).Look(cancellation);
        }
        catch (FormatException exception)
        {
            return [Finding.Problem("store", Sentence.Of(exception.Message))];
        }
    }

    /// <summary>Where a connection string leads. Nothing else of it is read: it holds a key.</summary>
    /// <exception cref="FormatException">It names no blob service; the message has nothing of it.</exception>
    internal static Uri EndpointOf(string connection)
    {
        var parts = connection.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2))
            .Where(part => part.Length == 2)
            .GroupBy(part => part[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => group.Last()[1], StringComparer.OrdinalIgnoreCase);
        var text = parts.GetValueOrDefault("BlobEndpoint")
            ?? (parts.GetValueOrDefault("UseDevelopmentStorage") == "true" ? "http://127.0.0.1:10000"
                : parts.TryGetValue("AccountName", out var account)
                    ? $"{parts.GetValueOrDefault("DefaultEndpointsProtocol", "https")}://{account}.blob.{parts.GetValueOrDefault("EndpointSuffix", "core.windows.net")}"
                    : null);
        return Uri.TryCreate(text, UriKind.Absolute, out var address) ? address : throw new FormatException(
            $"the store's connection string names no blob service: copy the whole string of the storage account into {StoreConnection.Variable}, or the file that {StoreConnection.FileVariable} names.");
    }
}
