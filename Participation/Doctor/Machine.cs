using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansEdge.Participation.Doctor;

/// <summary>What checks ask of the machine and its network; a test answers in its place.</summary>
internal sealed record Machine
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>This machine.</summary>
    public static Machine Own { get; } = new();

    /// <summary>Looks a name up; throws <see cref="SocketException"/> where there is none.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> Resolve { get; init; } = (host, cancellation) => Dns.GetHostAddressesAsync(host, cancellation).WaitAsync(Patience, cancellation);

    /// <summary>Makes a connection and ends it; throws <see cref="SocketException"/> or <see cref="TimeoutException"/> where nobody takes it.</summary>
    public Func<string, int, CancellationToken, Task> Connect { get; init; } = ConnectOnce;

    /// <summary>Through which proxy a request would go.</summary>
    public IWebProxy Proxy { get; init; } = HttpClient.DefaultProxy;

    /// <summary>The value of an environment variable; null where it is not set.</summary>
    public Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;

    /// <summary>How many bytes a folder's disk has left for this user.</summary>
    public Func<string, long> FreeSpace { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <summary>How much memory this process may use, in bytes: the machine's, or what its container or service is given.</summary>
    public Func<long> Memory { get; init; } = () => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A number of bytes for a person.</summary>
    public static string Size(long bytes) => bytes >= 1L << 30
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / (double)(1L << 30):0.#} GiB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes >> 20} MiB");

    private static async Task ConnectOnce(string host, int port, CancellationToken cancellation)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(host, port, cancellation).AsTask().WaitAsync(Patience, cancellation);
    }
}
