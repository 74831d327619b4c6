using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Grains.Rounds;

/// <summary>
/// Where a silo keeps staged updates until their round is folded: in memory up to a budget, beyond it in spill files. Nothing here survives
/// the process; the participants' outboxes do.
/// </summary>
internal sealed class StagingArea : IDisposable
{
    private readonly long _memoryBudget;
    private readonly string _folder;
    private readonly long _share;
    private readonly ConcurrentDictionary<ParticipantId, long> _shares = [];
    private long _memoryUsed;
    private long _spilled;
    private long _files;

    /// <summary>Opens an empty area.</summary>
    /// <param name="memoryBudget">Bytes that may be kept in memory.</param>
    /// <param name="folder">The folder for spill files, this process's own; made when first needed, deleted at the end.</param>
    /// <param name="share">Bytes of one participant, in memory and in files.</param>
    public StagingArea(long memoryBudget, string folder, long share = long.MaxValue)
    {
        _memoryBudget = memoryBudget;
        _folder = folder;
        _share = share;
    }

    /// <summary>Bytes in memory now.</summary>
    public long MemoryUsed => Interlocked.Read(ref _memoryUsed);

    /// <summary>Bytes in spill files now.</summary>
    public long Spilled => Interlocked.Read(ref _spilled);

    /// <summary>The number of participants that have something here.</summary>
    public int Owners => _shares.Count;

    /// <summary>Makes room for <paramref name="length"/> bytes of a participant; null where it has too much here already.</summary>
    /// <exception cref="IOException">The spill file cannot be made, for example because the disk is full.</exception>
    public IStagedVector? Allocate(int length, ParticipantId owner)
    {
        if (_shares.AddOrUpdate(owner, length, (_, own) => own + length) > _share)
        {
            GiveBack(owner, length);
            return null;
        }

        try
        {
            return new Owned(this, owner, length, Allocate(length));
        }
        catch
        {
            GiveBack(owner, length);
            throw;
        }
    }

    /// <summary>Makes room for <paramref name="length"/> bytes of nobody.</summary>
    /// <exception cref="IOException">The spill file cannot be made, for example because the disk is full.</exception>
    public IStagedVector Allocate(int length)
    {
        if (Interlocked.Add(ref _memoryUsed, length) <= _memoryBudget)
        {
            return new InMemory(this, length);
        }

        Interlocked.Add(ref _memoryUsed, -length);
        Directory.CreateDirectory(_folder);
        return new InFile(this, Path.Combine(_folder, $"{Interlocked.Increment(ref _files)}.spill"), length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    private void GiveBack(ParticipantId owner, int length)
    {
        if (_shares.AddOrUpdate(owner, 0, (_, own) => own - length) <= 0)
        {
            _shares.TryRemove(new(owner, 0));
        }
    }

    /// <summary>What counts against its participant's share until it is disposed of.</summary>
    private sealed class Owned(StagingArea area, ParticipantId owner, int length, IStagedVector values) : IStagedVector
    {
        private int _isGivenBack;

        public void Write(int offset, Chunk chunk) => values.Write(offset, chunk);

        public ReadOnlyMemory<float> Read(int start, int count, Memory<float> buffer) => values.Read(start, count, buffer);

        public void Dispose()
        {
            values.Dispose();
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                area.GiveBack(owner, length);
            }
        }
    }

    /// <summary>Keeps the chunks as they were received: nothing is copied until the fold reads it.</summary>
    private sealed class InMemory(StagingArea area, int length) : IStagedVector
    {
        private Chunk[]? _chunks = new Chunk[StagedUpdate.ChunkCount(length)];

        public void Write(int offset, Chunk chunk) => Chunks[offset / Chunk.PreferredLength] = chunk;

        public ReadOnlyMemory<float> Read(int start, int count, Memory<float> buffer)
        {
            var target = MemoryMarshal.AsBytes(buffer.Span[..count]);
            var position = start * sizeof(float);
            while (!target.IsEmpty)
            {
                var part = Chunks[position / Chunk.PreferredLength].Span[(position % Chunk.PreferredLength)..];
                part = part[..Math.Min(part.Length, target.Length)];
                part.CopyTo(target);
                target = target[part.Length..];
                position += part.Length;
            }

            return buffer[..count];
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _chunks, null) is { } chunks)
            {
                Array.ForEach(chunks, chunk => chunk.Release());
                Interlocked.Add(ref area._memoryUsed, -length);
            }
        }

        private Chunk[] Chunks => _chunks ?? throw new ObjectDisposedException(nameof(StagingArea));
    }

    /// <summary>The file is unlinked as soon as it is open: however the process ends, its space is given back.</summary>
    private sealed class InFile(StagingArea area, string path, int length) : IStagedVector
    {
        private readonly SafeFileHandle _file = Open(area, path, length);
        private int _isGivenBack;

        public void Write(int offset, Chunk chunk)
        {
            RandomAccess.Write(_file, chunk.Span, offset);
            chunk.Release();
        }

        public ReadOnlyMemory<float> Read(int start, int count, Memory<float> buffer)
        {
            var target = MemoryMarshal.AsBytes(buffer.Span[..count]);
            for (var done = 0; done < target.Length;)
            {
                var read = RandomAccess.Read(_file, target[done..], ((long)start * sizeof(float)) + done);
                done += read > 0 ? read : throw new EndOfStreamException("A spill file is shorter than what was written to it.");
            }

            return buffer[..count];
        }

        public void Dispose()
        {
            _file.Dispose();
            if (Interlocked.Exchange(ref _isGivenBack, 1) == 0)
            {
                Interlocked.Add(ref area._spilled, -length);
            }
        }

        private static SafeFileHandle Open(StagingArea area, string path, int length)
        {
            var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Delete, FileOptions.None, length);
            if (!OperatingSystem.IsWindows())
            {
                File.Delete(path);
            }

            Interlocked.Add(ref area._spilled, length);
            return file;
        }
    }
}

/// <summary>One shard of an update as little-endian fp32 values, in memory or on disk.</summary>
internal interface IStagedVector : IDisposable
{
    /// <summary>Takes the chunk at an offset in bytes, and its memory with it: the chunk may not be read afterwards.</summary>
    void Write(int offset, Chunk chunk);

    /// <summary>Reads consecutive values that were written; the answer is either a view of the memory or lies in <paramref name="buffer"/>.</summary>
    ReadOnlyMemory<float> Read(int start, int count, Memory<float> buffer);
}
