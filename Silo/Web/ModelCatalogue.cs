using System.Collections.Immutable;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Models;

namespace OrleansEdge.Silo.Web;

/// <summary>Finds models and versions by what people call them.</summary>
internal sealed class ModelCatalogue(IGrainFactory grains, VersionStore versions, JobRecords jobs)
{
    private const int GrainsAtOnce = 16;

    /// <summary>All models that have a version, in ordinal order.</summary>
    public async Task<ImmutableArray<ModelEntry>> List(CancellationToken cancellation)
    {
        var entries = ImmutableArray.CreateBuilder<ModelEntry>();
        foreach (var part in (await versions.ListModels(cancellation)).Chunk(GrainsAtOnce))
        {
            var statuses = await Task.WhenAll(part.Select(name => Control(name).GetStatus().Limited(cancellation)));
            // A record without a head was written by a silo that died before it published.
            entries.AddRange(part.Zip(statuses, Entry).Where(entry => entry.Head is not null));
        }

        return entries.ToImmutable();
    }

    /// <summary>How a model stands.</summary>
    /// <exception cref="ApiException">There is no such model.</exception>
    public async Task<ModelEntry> Find(ModelName name, CancellationToken cancellation)
    {
        var entry = Entry(name, await Control(name).GetStatus().Limited(cancellation));
        return entry.Head is not null ? entry : throw ApiException.NotFound($"There is no model '{name}': 'models list' shows the models.");
    }

    /// <summary>A model with its newest versions.</summary>
    /// <exception cref="ApiException">There is no such model.</exception>
    public async Task<ModelAnswer> Show(ModelName name, int limit, CancellationToken cancellation)
    {
        var entry = await Find(name, cancellation);
        var found = ImmutableArray.CreateBuilder<VersionAnswer>();
        foreach (var number in (await versions.ListNumbers(name, cancellation)).Where(number => number <= entry.Head).Reverse())
        {
            if (found.Count < limit && await versions.Read(new(name, number)) is { } record)
            {
                found.Add(await Answer(record));
            }
        }

        return new(name, entry.Head, entry.Promoted, found.ToImmutable());
    }

    /// <summary>The record of a version.</summary>
    /// <exception cref="ApiException">There is no such version.</exception>
    /// <exception cref="VersionPrunedException">There was one.</exception>
    public async Task<VersionRecord> Find(VersionReference reference, CancellationToken cancellation)
    {
        var entry = await Find(reference.Model, cancellation);
        var number = reference.Number switch
        {
            VersionReference.Head => entry.Head!.Value,
            VersionReference.Promoted => entry.Promoted
                ?? throw ApiException.NotFound($"No version of '{entry.Name}' is promoted: 'models promote {entry.Name}@NUMBER' promotes one."),
            var text => int.Parse(text, CultureInfo.InvariantCulture),
        };
        return await grains.GetGrain<IModelGrain>(entry.Name.Value).Find(number).Limited(cancellation)
            ?? throw ApiException.NotFound($"There is no version '{reference}': the newest of '{entry.Name}' is {entry.Name}@{entry.Head}.");
    }

    /// <summary>The record with its measurement.</summary>
    public async Task<VersionAnswer> Answer(VersionRecord record)
    {
        var round = record.Job is { } job ? await jobs.ReadRound(job, record.Round) : null;
        return VersionAnswer.Of(record, round?.Version == record.Id ? round.Evaluation : null);
    }

    /// <summary>The model's grain.</summary>
    public IModelControl Control(ModelName name) => grains.GetGrain<IModelControl>(name.Value);

    private static ModelEntry Entry(ModelName name, ModelStatus status) => new(name, status.Head, status.Promoted);
}
