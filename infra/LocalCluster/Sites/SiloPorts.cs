using System.Globalization;
using OrleansEdge.LocalCluster.Processes;

namespace OrleansEdge.LocalCluster.Sites;

/// <summary>Where a silo listens.</summary>
/// <param name="Http">Where everyone begins.</param>
/// <param name="Silo">For other silos.</param>
/// <param name="Gateway">For participants.</param>
/// <param name="Scheme">How the HTTP port speaks: http or https.</param>
internal sealed record SiloPorts(int Http, int Silo, int Gateway, string Scheme)
{
    private const int Count = 3;

    /// <summary>The HTTP address.</summary>
    public Uri Address => new($"{Scheme}://127.0.0.1:{Http}");

    /// <summary>The arguments that say so to a silo.</summary>
    public IEnumerable<string> Arguments =>
    [
        "--urls", Address.GetLeftPart(UriPartial.Authority),
        "--silo-port", Silo.ToString(CultureInfo.InvariantCulture),
        "--gateway-port", Gateway.ToString(CultureInfo.InvariantCulture),
    ];

    /// <summary>Chooses free ports for silos, none of them twice.</summary>
    /// <param name="silos">For how many.</param>
    /// <param name="attempt">Another attempt looks elsewhere.</param>
    /// <param name="scheme">How their HTTP ports speak.</param>
    public static IReadOnlyList<SiloPorts> Choose(int silos, int attempt, string scheme) =>
        [.. FreePorts.Choose(silos * Count, FreePorts.StartOf(attempt)).Chunk(Count).Select(ports => new SiloPorts(ports[0], ports[1], ports[2], scheme))];
}
