using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Orleans.Runtime;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Models;
using OrleansEdge.Grains.Models.Safetensors;
using OrleansEdge.Grains.Participants;
using OrleansEdge.Grains.Rounds;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Grains.Storage.Providers;
using OrleansEdge.Grains.Tests.Retention;

namespace OrleansEdge.Fuzz.Tests.Targets;

/// <summary>What a site reads from its store and from its operators' files.</summary>
internal static class StoreTargets
{
    public static IEnumerable<FuzzTarget> All =>
    [
        State<JobState>("Job"),
        State<RoundState>("Round"),
        State<ModelState>("Model"),
        State<ParticipantState>("Participant"),
        Owner,
        Record("version record", typeof(VersionStore), "VersionRecord", (blobs, bytes) => ReadVersion(blobs, bytes)),
        Record("round record", typeof(JobRecords), "RoundRecord", (blobs, bytes) => ReadRound(blobs, bytes)),
        JobFiles,
        Safetensors,
        BlobNames,
        FileNames,
    ];

    /// <summary>Through the storage provider: whatever the blob holds, the grain's state is read or stays as it was.</summary>
    private static FuzzTarget State<T>(string name)
        where T : class, new() => new(
        $"state of a {name}", typeof(StateJsonSerializer),
        input =>
        {
            var blobs = new MemoryBlobStore();
            var options = new BlobGrainStorageOptions { BlobStore = blobs, GrainStorageSerializer = new StateJsonSerializer() };
            var storage = new BlobGrainStorage(blobs, options, Activators.Instance);
            var id = GrainId.Create("test", "a");
            Done(blobs.Write(BlobName.Create(options.ContainerName, $"state-{id}.json"), input));
            var state = new Held<T>();
            storage.ReadStateAsync("state", id, state).GetAwaiter().GetResult();
            PropertyException.Require(state.State is not null, "a state is read and is nothing");
        },
        Declared.Only<BlobStoreException>(),
        [Repository.Stored($"state.{name}")]);

    private static FuzzTarget Owner => new(
        "owner of a store", typeof(StoreOwner),
        input =>
        {
            var blobs = new MemoryBlobStore();
            Done(blobs.Write(StoreOwner.Name, input));
            StoreOwner.Claim(blobs, SiteName.Parse("harbour")).GetAwaiter().GetResult();
        },
        Declared.Only<BlobStoreException>(),
        [Repository.Stored("StoreOwner")]);

    private static FuzzTarget JobFiles => new(
        "job file", typeof(JobFile),
        input =>
        {
            var strategies = new StrategyDeclarations();
            var definition = JobFile.Parse(Declared.Text(input), "job.yaml", strategies);
            PropertyException.Require(JobFile.Parse(JobFile.Write(definition), "job.yaml", strategies) == definition, "a job is written otherwise than it was read");
        },
        Declared.Only<JobFileException>(),
        Repository.JobFiles)
    {
        // A whole schema is made for each file, and each fault is a line of the message.
        FixedAllocation = 4 << 20,
        AllocationPerByte = 512,
    };

    private static FuzzTarget Safetensors => new(
        "safetensors", typeof(SafetensorsReader),
        input =>
        {
            using var stream = new MemoryStream(input.ToArray());
            var file = SafetensorsReader.Open(stream).GetAwaiter().GetResult();
            var bytes = (file.Layout.WeightCount * sizeof(float)) + (file.Layout.IntegerCount * sizeof(long));
            PropertyException.Require(bytes < input.Length, "a file has more numbers than bytes");
            file.ReadIntegers(file.Layout).GetAwaiter().GetResult();
            file.ReadWeights(file.Layout, (_, _) => ValueTask.CompletedTask).GetAwaiter().GetResult();
        },
        Declared.Only<SafetensorsException>(),
        [SafetensorsFile("""{"w":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]},"n":{"dtype":"I64","shape":[],"data_offsets":[16,24]},"__metadata__":{"a":"b"}}""", 24)])
    {
        // A block of a MiB is rented from the shared pool.
        FixedAllocation = 2 << 20,
    };

    /// <summary>No name leads outside of the store's folder, and every name comes back from its file's.</summary>
    private static FuzzTarget BlobNames => Declared.OfText<FormatException>(
        "blob name", typeof(BlobName),
        text =>
        {
            var name = BlobName.Create("content", text);
            var file = BlobFileNames.Encode(name.Path);
            PropertyException.Require(
                Path.GetFullPath(file, "/store/content").StartsWith("/store/content/", StringComparison.Ordinal) && !file.Split('/').Any(part => part is "" or "." or ".."),
                $"'{text}' leads to '{file}'");
            PropertyException.Require(BlobFileNames.Decode(file) == name.Path, $"'{text}' comes back as '{BlobFileNames.Decode(file)}'");
        },
        "state-job/digits.json", "ab/abcdef", "a b/Ü.txt", "a/b/c/d.e.f") with
    {
        // To the name of a file, and back.
        AllocationPerByte = 1024,
    };

    private static FuzzTarget FileNames => new(
        "file name of a blob", typeof(BlobFileNames), input => BlobFileNames.Decode(Declared.Text(input)), _ => false,
        [.. new[] { "state-job/digits.json", "ab/abcdef~", "a%20b/%C3%9C.txt" }.Select(Encoding.UTF8.GetBytes)])
    {
        AcceptsAll = true,
        AllocationPerByte = 1024,
    };

    private static FuzzTarget Record(string name, Type parser, string golden, Action<MemoryBlobStore, ReadOnlyMemory<byte>> read) =>
        new(name, parser, input => read(new MemoryBlobStore(), input), Declared.Only<BlobStoreException>(), [Repository.Stored(golden)]);

    private static void ReadVersion(MemoryBlobStore blobs, ReadOnlyMemory<byte> bytes)
    {
        Done(blobs.Write(BlobName.Create("models", "digits/00000003.json"), bytes));
        new VersionStore(blobs).Read(ModelVersionId.Parse("digits@3")).GetAwaiter().GetResult();
    }

    private static void ReadRound(MemoryBlobStore blobs, ReadOnlyMemory<byte> bytes)
    {
        Done(blobs.Write(BlobName.Create("jobs", "job/digits/00000003.json"), bytes));
        new JobRecords(blobs, new(blobs)).ReadRound(JobId.Parse("digits"), 3).GetAwaiter().GetResult();
    }

    private static byte[] SafetensorsFile(string header, int data)
    {
        var prefix = new byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(prefix, header.Length);
        return [.. prefix, .. Encoding.UTF8.GetBytes(header), .. new byte[data]];
    }

    private static void Done(ValueTask<string> write) => _ = write.AsTask().GetAwaiter().GetResult();

    private sealed class Held<T> : IGrainState<T>
        where T : new()
    {
        public T? State { get; set; } = new();

        public string? ETag { get; set; }

        public bool RecordExists { get; set; }
    }

    private sealed class Activators : Orleans.Serialization.Serializers.IActivatorProvider
    {
        public static Activators Instance { get; } = new();

        public Orleans.Serialization.Activators.IActivator<T> GetActivator<T>() => new DefaultActivator<T>();

        private sealed class DefaultActivator<T> : Orleans.Serialization.Activators.IActivator<T>
        {
            public T Create() => Activator.CreateInstance<T>();
        }
    }
}
