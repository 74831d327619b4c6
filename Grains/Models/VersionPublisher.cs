using System.Collections.Immutable;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Models;

/// <summary>Publishes a version whose content is stored: its record first, then a hold on all of its content, then the model's head.</summary>
internal sealed class VersionPublisher(VersionStore versions, ContentHold hold, FaultSwitch faultSwitch)
{
    /// <summary>Publishes under the next number. The same job and round again is the same version.</summary>
    /// <exception cref="BlobStoreException">Content of the version is not there any more: it must be stored again first.</exception>
    public async Task<VersionRecord> Publish(ModelName name, DurableState<ModelState> state, VersionRecord draft)
    {
        var current = state.Value;
        if (current.Published.FirstOrDefault(last => last.Job == draft.Job && last.Round >= draft.Round) is { } last)
        {
            // A job that goes on on two silos for a moment can open a round again that is over.
            return last.Round == draft.Round && await versions.Read(new(name, last.Number)) is { } published
                ? published
                : throw new InvalidOperationException($"Round {draft.Round} of job '{draft.Job}' is over: a later one has published.");
        }

        var record = draft with { Id = new(name, current.Count) };
        var slot = await versions.Look(record.Id);
        if (VersionStore.IsTaken(slot, record))
        {
            // Whoever has left that record may be about to move the head to it on another silo: this write makes that fail.
            await state.Write(current with { });
        }

        if (!await versions.TryWrite(record, slot))
        {
            await state.Read();
            throw new InvalidOperationException($"Version {record.Id} was written by someone else at the same time; it is tried again.");
        }

        if (await hold.Take(record) is { } missing)
        {
            // A collector looked for what refers to it before the record was there.
            throw new BlobStoreException($"The content {missing} of version {record.Id} was collected before the version was published: it is stored again.");
        }

        faultSwitch.Reach(SiloPoints.Publishing, draft.Round);
        await state.Write(current with { Count = current.Count + 1, Published = Remember(current.Published, record) });
        faultSwitch.Reach(SiloPoints.Published, draft.Round);
        return record;
    }

    /// <summary>A job publishes its rounds one after the other, so its last one is all that can come again.</summary>
    private static ImmutableArray<PublishedRound> Remember(ImmutableArray<PublishedRound> published, VersionRecord record)
    {
        if (record.Job is not { } job)
        {
            return published;
        }

        var others = published.RemoveAll(last => last.Job == job);
        return (others.Length >= ModelState.JobsKept ? others.RemoveAt(0) : others).Add(new(job, record.Round, record.Id.Number));
    }
}
