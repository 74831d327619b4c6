namespace OrleansEdge.Soak;

/// <summary>What is run.</summary>
internal sealed record SoakOptions
{
    /// <summary>For how long rounds are done; null: until <see cref="Rounds"/> are done.</summary>
    public TimeSpan? Time { get; init; }

    /// <summary>How many rounds are done; null: until <see cref="Time"/> is over.</summary>
    public int? Rounds { get; init; }

    /// <summary>Seeds what is killed when.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>The number of agent processes.</summary>
    public int Agents { get; init; } = 3;

    /// <summary>The number of weights. Few, so that caches fill early and what grows afterwards is a leak.</summary>
    public int Parameters { get; init; } = 5_000;

    /// <summary>The mean time between two kills; zero for none.</summary>
    public TimeSpan KillEvery { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How many versions the site keeps.</summary>
    public int KeepLast { get; init; } = 3;

    /// <summary>The work folder, which is then kept; null for a temporary one.</summary>
    public string? Work { get; init; }

    /// <summary>Whether the last line of standard output is the report as JSON.</summary>
    public bool Json { get; init; }
}
