using Microsoft.Extensions.Options;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Coordination;

namespace OrleansEdge.Grains.Participants;

/// <summary>
/// Counts the fleet for metrics, which are read on a thread of their own and must not wait for a grain. Filled by the silo that holds the
/// fleet's index.
/// </summary>
internal sealed class FleetCensus(TimeProvider time, IOptions<CoordinationOptions> options)
{
    /// <summary>A participant that has been silent for this many lifetimes is no longer counted as silent: it has left.</summary>
    private const int LeftAfterLifetimes = 240;

    private readonly Lock _lock = new();
    private readonly Dictionary<ParticipantId, (DateTimeOffset LastSeen, bool IsWorking)> _participants = [];

    /// <summary>Takes in an announcement.</summary>
    public void Count(FleetEntry entry)
    {
        lock (_lock)
        {
            _participants[entry.Participant] = (entry.LastSeen, entry.Activity.Instruction is not null);
        }
    }

    /// <summary>Forgets all: the index has moved to another silo, which counts from here on.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _participants.Clear();
        }
    }

    /// <summary>How many participants are alive, how many of those work on an instruction, and how many were alive and are silent now.</summary>
    public (int Live, int Working, int Silent) Take()
    {
        var now = time.GetUtcNow();
        var lifetime = options.Value.Liveness;
        var (live, working, silent) = (0, 0, 0);
        lock (_lock)
        {
            foreach (var (participant, (lastSeen, isWorking)) in _participants)
            {
                var silence = now - lastSeen;
                if (silence < lifetime)
                {
                    live++;
                    working += isWorking ? 1 : 0;
                }
                else if (silence < lifetime * LeftAfterLifetimes)
                {
                    silent++;
                }
                else
                {
                    _participants.Remove(participant);
                }
            }
        }

        return (live, working, silent);
    }
}
