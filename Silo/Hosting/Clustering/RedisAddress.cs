using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Silo.Hosting.Clustering;

/// <summary>Where the Redis is in which the silos of a site know each other.</summary>
/// <param name="Host">The host's name or address.</param>
/// <param name="Port">The port.</param>
internal sealed record RedisAddress(string Host, int Port)
{
    /// <summary>Holds the password. An argument would be seen by everyone who lists the machine's processes.</summary>
    public const string PasswordVariable = "ORLEANSEDGE_CLUSTER_PASSWORD";

    private const string Scheme = "redis";
    private const int UsualPort = 6379;

    /// <summary>No host's name is nearly as long.</summary>
    private const int MaximumLength = 300;

    /// <summary>Reads <c>redis://HOST:PORT</c>.</summary>
    /// <exception cref="FormatException">The text is something else; the message says what is allowed.</exception>
    public static RedisAddress Parse(string text)
    {
        PrintableText.RequireLength("--cluster", text, MaximumLength, "write redis://HOST:PORT");
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != Scheme || uri.Host.Length == 0)
        {
            throw new FormatException($"--cluster is '{text}': write redis://HOST:PORT.");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new FormatException($"--cluster has a password in it, which everyone on this machine can read: put it into {PasswordVariable}.");
        }

        return uri.PathAndQuery.Length <= 1
            ? new(uri.DnsSafeHost, uri.IsDefaultPort ? UsualPort : uri.Port)
            : throw new FormatException($"--cluster is '{text}': write redis://HOST:PORT, with nothing after the port.");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Scheme}://{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}";
}
