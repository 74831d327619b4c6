using System.Diagnostics;
using System.Globalization;

namespace OrleansEdge.Contracts.Faults;

/// <summary>
/// Ends this process with SIGKILL at a named point of a round, to prove that nothing is lost. Armed only by the environment variable
/// <see cref="Variable"/>, which holds <c>ROUND:POINT</c> and is honoured only beside <see cref="DevelopmentVariable"/>.
/// </summary>
public sealed class KillSwitch
{
    /// <summary>Arms the switch: <c>3:closing</c>.</summary>
    public const string Variable = "ORLEANSEDGE_KILL";

    /// <summary>Must be <c>1</c> for <see cref="Variable"/> to count.</summary>
    public const string DevelopmentVariable = "ORLEANSEDGE_DEVELOPMENT";

    /// <summary>A switch that never fires.</summary>
    public static KillSwitch Disarmed { get; } = new(null, -1, static () => { });

    private readonly string? _point;
    private readonly int _round;
    private readonly Action _kill;

    /// <summary>Makes a switch; <paramref name="kill"/> is what happens at the point.</summary>
    public KillSwitch(string? point, int round, Action kill)
    {
        _point = point;
        _round = round;
        _kill = kill;
    }

    /// <summary>Reads the environment.</summary>
    /// <param name="points">The points that this program has.</param>
    /// <exception cref="FormatException">The variable is set to something else than <c>ROUND:POINT</c>.</exception>
    public static KillSwitch FromEnvironment(IReadOnlyCollection<string> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text) || Environment.GetEnvironmentVariable(DevelopmentVariable) != "1")
        {
            return Disarmed;
        }

        var parts = text.Split(':');
        return parts.Length == 2 && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var round) && points.Contains(parts[1])
            ? new KillSwitch(parts[1], round, KillThisProcess)
            : throw new FormatException($"{Variable} is '{text}': write ROUND:POINT, where POINT is one of {string.Join(", ", points)}.");
    }

    /// <summary>Passes a point; does not return if the switch is armed for it.</summary>
    public void Reach(string point, int round)
    {
        if (_point is not null && round == _round && point == _point)
        {
            _kill();
        }
    }

    private static void KillThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        process.Kill();
        new ManualResetEvent(false).WaitOne();
    }
}
