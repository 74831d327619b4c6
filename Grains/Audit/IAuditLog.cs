namespace OrleansEdge.Grains.Audit;

/// <summary>The site's record of who did what: append-only, hash-chained, in the site's store.</summary>
public interface IAuditLog
{
    /// <summary>Writes an entry; durable when the task ends. What must not be done without a record waits for this first.</summary>
    /// <exception cref="Storage.BlobStoreException">The store failed: the entry is not written.</exception>
    Task Record(AuditEntry entry);

    /// <summary>
    /// Notes that something was refused. Never waits and never fails: equal denials are counted together and written at intervals, so that a
    /// flood of them fills neither the store nor the memory.
    /// </summary>
    void Denied(AuditEntry entry);
}
