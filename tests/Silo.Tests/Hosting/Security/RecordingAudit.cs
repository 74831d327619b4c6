using OrleansEdge.Grains.Audit;

namespace OrleansEdge.Silo.Tests.Hosting.Security;

/// <summary>Keeps what is put on record. Several connections may put it there.</summary>
internal sealed class RecordingAudit : IAuditLog
{
    private readonly Lock _lock = new();

    public List<AuditEntry> Entries { get; } = [];

    public List<AuditEntry> Denials { get; } = [];

    /// <summary>What was done, and its detail.</summary>
    public IEnumerable<(string What, string? Detail)> Recorded => Entries.Select(entry => (entry.What, entry.Detail));

    public Task Record(AuditEntry entry)
    {
        lock (_lock)
        {
            Entries.Add(entry);
        }

        return Task.CompletedTask;
    }

    public void Denied(AuditEntry entry)
    {
        lock (_lock)
        {
            Denials.Add(entry);
        }
    }
}
