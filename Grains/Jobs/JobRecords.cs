using System.Globalization;
using System.Text;
using System.Text.Json;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;
using OrleansEdge.Grains.Storage.Json;

namespace OrleansEdge.Grains.Jobs;

/// <summary>
/// What is kept of jobs outside their grains: the job file, a record of each round, and a mark on each job that is not over, by which
/// it is found again after a restart.
/// </summary>
internal sealed class JobRecords(IBlobStore blobs, ContentStore content)
{
    private const string Container = "jobs";
    private const string ActivePrefix = "active/";
    private const string JobPrefix = "job/";

    /// <summary>The largest task, in bytes: 16 MiB, for a description with constants for each of a million columns.</summary>
    private const long LargestTask = 16 << 20;

    /// <summary>Marks a job as unfinished and keeps its file.</summary>
    public async Task Begin(JobId job, string definition)
    {
        await blobs.Write(Name($"{JobPrefix}{job}/job.yaml"), Encoding.UTF8.GetBytes(definition));
        await blobs.Write(Name($"{ActivePrefix}{job}"), ReadOnlyMemory<byte>.Empty);
    }

    /// <summary>Takes the mark away.</summary>
    public async Task End(JobId job) => await blobs.Delete(Name($"{ActivePrefix}{job}"));

    /// <summary>All unfinished jobs.</summary>
    public Task<IReadOnlyList<JobId>> ListActive(CancellationToken cancellation) => List(ActivePrefix, cancellation);

    /// <summary>All jobs ever submitted, in ordinal order.</summary>
    public Task<IReadOnlyList<JobId>> ListAll(CancellationToken cancellation) => List(JobPrefix, cancellation);

    /// <summary>The job file, in canonical form; null if there is no such job.</summary>
    public async Task<string?> ReadDefinition(JobId job) =>
        await blobs.ReadSmall(Name($"{JobPrefix}{job}/job.yaml"), JobFile.MaximumBytes) is { } blob ? Encoding.UTF8.GetString(blob.Bytes.Span) : null;

    /// <summary>Keeps a round's record; writing it again is harmless.</summary>
    public async Task WriteRound(JobId job, RoundRecord record) =>
        await blobs.Write(RoundName(job, record.Round), JsonSerializer.SerializeToUtf8Bytes(record, StateJson.Options));

    /// <summary>A round's record; null if the round is not over.</summary>
    /// <exception cref="BlobStoreException">What lies there is no record.</exception>
    public Task<RoundRecord?> ReadRound(JobId job, int round) => blobs.ReadRecord<RoundRecord>(RoundName(job, round));

    /// <summary>Stores a task.</summary>
    public async Task<ContentHash> PutTask(TaskDescription task) => await content.Put(JsonSerializer.SerializeToUtf8Bytes(task, TaskJson.Options));

    /// <summary>Reads a task.</summary>
    public async Task<TaskDescription> ReadTask(ContentHash task) => TaskJson.Parse((await content.ReadSmall(task, LargestTask)).Span);

    private static BlobName RoundName(JobId job, int round) => Name(string.Create(CultureInfo.InvariantCulture, $"{JobPrefix}{job}/{round:D8}.json"));

    private static BlobName Name(string path) => BlobName.Create(Container, path);

    private async Task<IReadOnlyList<JobId>> List(string prefix, CancellationToken cancellation)
    {
        var jobs = new SortedSet<JobId>();
        await foreach (var entry in blobs.List(Container, prefix, cancellation))
        {
            jobs.Add(JobId.Parse(entry.Name.Path.Split('/')[1]));
        }

        return [.. jobs];
    }
}
