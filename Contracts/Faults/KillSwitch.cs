using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;

namespace OrleansEdge.Contracts.Faults;

/// <summary>
/// Ends this process with SIGKILL at named points of rounds, to prove that nothing is lost. Armed only by the environment variable
/// <see cref="Variable"/>, which holds <c>ROUND:POINT,…</c> and is honoured only beside <see cref="DevelopmentVariable"/>.
/// </summary>
public sealed class KillSwitch
{
    /// <summary>Arms the switch: <c>3:closing</c>, or several such, with commas.</summary>
    public const string Variable = "ORLEANSEDGE_KILL";

    /// <summary>Must be <c>1</c> for <see cref="Variable"/> to count.</summary>
    public const string DevelopmentVariable = "ORLEANSEDGE_DEVELOPMENT";

    /// <summary>
    /// A folder, where processes that are armed alike agree on who dies: see <see cref="KillClaims"/>. Without it a process dies each time it
    /// passes the point.
    /// </summary>
    public const string ClaimsVariable = "ORLEANSEDGE_KILL_CLAIMS";

    /// <summary>A switch that never fires.</summary>
    public static KillSwitch Disarmed { get; } = new(null, -1, static () => { });

    private readonly ImmutableHashSet<(string Point, int Round)> _armed;
    private readonly KillClaims? _claims;
    private readonly Action _kill;

    /// <summary>Makes a switch for one point; <paramref name="kill"/> is what happens there.</summary>
    public KillSwitch(string? point, int round, Action kill)
        : this(point is null ? [] : [(point, round)], null, kill)
    {
    }

    /// <summary>Makes a switch.</summary>
    /// <param name="armed">Where it fires.</param>
    /// <param name="claims">Where several processes agree on who dies; null: this one, always.</param>
    /// <param name="kill">What happens there.</param>
    public KillSwitch(IEnumerable<(string Point, int Round)> armed, KillClaims? claims, Action kill)
    {
        _armed = [.. armed];
        _claims = claims;
        _kill = kill;
    }

    /// <summary>Reads the environment.</summary>
    /// <param name="points">The points that this program has.</param>
    /// <exception cref="FormatException">The variable is set to something else than <c>ROUND:POINT,…</c>.</exception>
    public static KillSwitch FromEnvironment(IReadOnlyCollection<string> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text) || Environment.GetEnvironmentVariable(DevelopmentVariable) != "1")
        {
            return Disarmed;
        }

        var folder = Environment.GetEnvironmentVariable(ClaimsVariable);
        return new KillSwitch(text.Split(',').Select(part => Parse(part, points)), string.IsNullOrEmpty(folder) ? null : new KillClaims(folder), KillThisProcess);
    }

    /// <summary>Passes a point; does not return if the switch is armed for it.</summary>
    public void Reach(string point, int round)
    {
        if (_armed.Contains((point, round)) && (_claims is null || _claims.TryClaim(point, round, Environment.ProcessId)))
        {
            _kill();
        }
    }

    private static (string Point, int Round) Parse(string text, IReadOnlyCollection<string> points)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round) && points.Contains(parts[1])
            ? (parts[1], round)
            : throw new FormatException($"{Variable} has '{text}': write ROUND:POINT, where POINT is one of {string.Join(", ", points)}.");
    }

    private static void KillThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        new ManualResetEvent(false).WaitOne();
    }
}
