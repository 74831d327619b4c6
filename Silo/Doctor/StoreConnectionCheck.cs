using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Doctor;

/// <summary>Where a connection string leads. Nothing else of it is read: it holds a key.</summary>
internal static class StoreEndpoint
{
    /// <summary>The address of its blob service.</summary>
    /// <exception cref="FormatException">It names none; the message has nothing of it.</exception>
    public static Uri Of(string connection)
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
