namespace OrleansEdge.Grains.Storage;

/// <summary>What is said to a person of an exception that may have come from the store.</summary>
public static class StorageTrouble
{
    /// <summary>
    /// The store's own sentence, which Orleans wraps into several lines with a stack trace; null if the store is not the cause.
    /// </summary>
    public static string? Find(Exception? exception)
    {
        for (var current = exception; current is not null; current = current.InnerException)
        {
            if (current is BlobStoreException)
            {
                return current.Message;
            }
        }

        return exception is AggregateException aggregate ? aggregate.InnerExceptions.Select(Find).FirstOrDefault(sentence => sentence is not null) : null;
    }
}
