namespace OrleansEdge.Grains.Audit;

/// <summary>
/// Remembers the chain's end outside the store, so that a chain whose end was cut off is found, by whoever cannot write in both places.
/// </summary>
public interface IAuditAnchor
{
    /// <summary>Remembers the chain's end. Never fails: what cannot be remembered is only not found later.</summary>
    void Remember(AuditHead head);

    /// <summary>What was remembered last; null for nothing.</summary>
    AuditHead? Recall();
}

/// <summary>Remembers nothing.</summary>
public sealed class NoAuditAnchor : IAuditAnchor
{
    /// <inheritdoc/>
    public void Remember(AuditHead head)
    {
    }

    /// <inheritdoc/>
    public AuditHead? Recall() => null;
}
