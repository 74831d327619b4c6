namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>
/// What a silo's gateway puts up with, all in one place; what is said of connections and addresses holds for its other ports, too, each for itself. Bound
/// to the configuration section <c>Limits</c>. A peer is whoever a certificate names;
/// without one, a remote address, behind which there may be many devices; of IPv6, all addresses with the same first 64 bits are one. The defaults are far above what devices do.
/// </summary>
internal sealed class GatewayLimitOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = "Limits";

    /// <summary>Connections at once; default 10,000.</summary>
    public int Connections { get; set; } = 10_000;

    /// <summary>Connections at once from one address; default 1,024. A proxy before the HTTP port is one address: it needs more.</summary>
    public int ConnectionsPerAddress { get; set; } = 1_024;

    /// <summary>Connections at once under one certificate; default 64.</summary>
    public int ConnectionsPerCertificate { get; set; } = 64;

    /// <summary>New connections a second from one address, for long; default 100. For a moment, ten times as many.</summary>
    public int NewConnectionsPerSecond { get; set; } = 100;

    /// <summary>How long a connection may take until it has said who it is; default 10 s.</summary>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one message may take from its first byte to its last; default 2 minutes, which is 1 MiB at 70 kbit/s.</summary>
    public TimeSpan MessageTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// The longest header of a message, in bytes; default 8 KiB, of which a device uses less than two. (The body's is in the contract.) What is in
    /// a header is read by recursion: a longer one could nest deeper than a stack is.
    /// </summary>
    public int LongestHeader { get; set; } = 8 << 10;

    /// <summary>
    /// Messages a second, for long, of one certificate on all its connections, or of one connection where there is none; default 4,000, which is
    /// 1 GB of updates. For a moment, five times as many; more wait, unread. 0: no limit.
    /// </summary>
    public int MessagesPerSecond { get; set; } = 4_000;

    /// <summary>Bytes a second, likewise; default 0: no limit.</summary>
    public long BytesPerSecond { get; set; }

    /// <summary>
    /// Calls a second, for long, of one device or operator, and of one connection without a valid token; default 200, which is 50 MB of updates. More
    /// wait, unread. 0: no limit.
    /// </summary>
    public int CallsPerSecond { get; set; } = 200;

    /// <summary>How many calls of one caller are taken at once after a pause; default 10,000, which is 2.5 GB of updates.</summary>
    public int CallBurst { get; set; } = 10_000;

    /// <summary>
    /// Calls of one connection that are being worked on; default 4,096. An agent has fewer than twenty, and a process may host two hundred of them on
    /// a connection.
    /// </summary>
    public int CallsInFlight { get; set; } = 4_096;

    /// <summary>After how long without a fault a peer is forgotten; until then a fault of the same kind is not logged again. Default 10 minutes.</summary>
    public TimeSpan Memory { get; set; } = TimeSpan.FromMinutes(10);
}
