using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OrleansEdge.Contracts.Rounds;

namespace OrleansEdge.Participation.Updates;

/// <summary>
/// Updates on disk, one file each, from the end of training until their round is published. Written whole and renamed, so that a killed
/// process leaves the whole update or none. Not flushed to the medium: after a power cut a file that does not match its digests is thrown
/// away, and the same training gives the same update again.
/// </summary>
internal sealed partial class Outbox
{
    private const string Extension = ".update";
    private const string Unfinished = Extension + ".new";
    private const int MaximumHeader = 1 << 22;

    /// <summary>"OEU2": the format of the file.</summary>
    private const uint Magic = 0x3255_454F;

    /// <summary>The magic number and the length of the header, then how many bytes were sent.</summary>
    private const int PrefixLength = (2 * sizeof(uint)) + sizeof(long);

    private const int SentPosition = 2 * sizeof(uint);

    private readonly string _folder;
    private readonly ILogger _logger;
    private readonly HashSet<string> _foreign = [];

    /// <summary>Opens the outbox and deletes what a killed predecessor left half-written.</summary>
    /// <param name="folder">Its folder, which is there.</param>
    /// <param name="logger">Told of files that are damaged or do not belong here.</param>
    public Outbox(string folder, ILogger logger)
    {
        _folder = folder;
        _logger = logger;
        foreach (var leftover in Directory.EnumerateFiles(folder, "*" + Unfinished))
        {
            File.Delete(leftover);
        }
    }

    /// <summary>The rounds that have an entry.</summary>
    public ImmutableArray<RoundKey> Rounds()
    {
        var rounds = ImmutableArray.CreateBuilder<RoundKey>();
        foreach (var file in Directory.EnumerateFiles(_folder, "*" + Extension))
        {
            if (RoundOf(file) is { } round)
            {
                rounds.Add(round);
            }
            else if (_foreign.Add(file))
            {
                LogForeign(file);
            }
        }

        return rounds.ToImmutable();
    }

    /// <summary>Keeps an update.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void Store(OutboxEntry entry)
    {
        var file = FileOf(entry.Header.Key);
        var temporary = Path.ChangeExtension(file, null) + Unfinished;
        var header = JsonSerializer.SerializeToUtf8Bytes(entry.Header, UpdateHeader.Json);
        Span<byte> prefix = stackalloc byte[PrefixLength];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, Magic);
        BinaryPrimitives.WriteUInt32LittleEndian(prefix[sizeof(uint)..], (uint)header.Length);
        BinaryPrimitives.WriteInt64LittleEndian(prefix[SentPosition..], SentBefore(file, header));
        try
        {
            using (var handle = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write))
            {
                RandomAccess.Write(handle, prefix, 0);
                RandomAccess.Write(handle, header, prefix.Length);
                RandomAccess.Write(handle, entry.Values, prefix.Length + header.Length);
            }

            File.Move(temporary, file, overwrite: true);
        }
        catch
        {
            File.Delete(temporary);
            throw;
        }
    }

    /// <summary>Reads an update; null if there is none, or if what there is is damaged (it is then thrown away).</summary>
    public OutboxEntry? Find(RoundKey round)
    {
        var file = FileOf(round);
        if (!File.Exists(file))
        {
            return null;
        }

        try
        {
            using var stream = File.OpenRead(file);
            var entry = Read(stream);
            return entry.Header.Key == round ? entry : throw new InvalidDataException("it belongs to another round.");
        }
        catch (Exception exception) when (IsDamage(exception))
        {
            LogDamaged(file, exception.Message);
            File.Delete(file);
            return null;
        }
    }

    /// <summary>
    /// Throws away what was made for another site. Whether that site has taken it is not known, so it is offered nowhere else: nothing may count
    /// twice.
    /// </summary>
    /// <param name="site">The site at which the device takes part now.</param>
    /// <param name="isFirst">Whether updates that name no site are this one's.</param>
    public void KeepOnly(string site, bool isFirst)
    {
        foreach (var round in Rounds())
        {
            if (Find(round) is { } entry && !(entry.Header.Site is { } owner ? owner == site : isFirst))
            {
                LogDiscarded(round, entry.Header.Site ?? "unknown", site);
                Remove(round);
            }
        }
    }

    /// <summary>Counts what is sent of an update, for as long as it is kept: also over the death of the process.</summary>
    public SentBytes CountSent(RoundKey round) => SentBytes.Open(FileOf(round), SentPosition);

    /// <summary>Throws an update away; does nothing where there is none.</summary>
    public void Remove(RoundKey round) => File.Delete(FileOf(round));

    /// <summary>An update that is made once more is the same update, and goes on counting.</summary>
    private static long SentBefore(string file, byte[] header)
    {
        if (!File.Exists(file))
        {
            return 0;
        }

        var before = new byte[PrefixLength + header.Length];
        using var handle = File.OpenHandle(file);
        return RandomAccess.Read(handle, before, 0) == before.Length && before.AsSpan(PrefixLength).SequenceEqual(header)
            ? BinaryPrimitives.ReadInt64LittleEndian(before.AsSpan(SentPosition))
            : 0;
    }

    /// <summary>Whether an exception of <see cref="Read"/> says that the file is no update.</summary>
    internal static bool IsDamage(Exception exception) => exception
        is InvalidDataException or JsonException or FormatException or EndOfStreamException or OverflowException or ArgumentException;

    /// <summary>Reads a file, and believes nothing in it before it is checked.</summary>
    internal static OutboxEntry Read(Stream stream)
    {
        Span<byte> prefix = stackalloc byte[PrefixLength];
        stream.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix[sizeof(uint)..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(prefix) != Magic || length > Math.Min(MaximumHeader, stream.Length - stream.Position))
        {
            throw new InvalidDataException("it is not an update.");
        }

        var json = new byte[length];
        stream.ReadExactly(json);
        var header = JsonSerializer.Deserialize<UpdateHeader>(json, UpdateHeader.Json) ?? throw new InvalidDataException("its header is empty.");
        if (header.WeightBytes + header.IntegerBytes != stream.Length - stream.Position || header.IntegerBytes < 0
            || header.WeightBytes < sizeof(float) || header.WeightBytes % sizeof(float) != 0 || header.Digests.IsDefault)
        {
            throw new InvalidDataException("it is shorter or longer than its header says.");
        }

        var values = GC.AllocateUninitializedArray<byte>(checked((int)(header.WeightBytes + header.IntegerBytes)));
        stream.ReadExactly(values);
        return OutboxEntry.DigestsOf(values.AsSpan(0, (int)header.WeightBytes)).SequenceEqual(header.Digests)
            ? new OutboxEntry(header, values)
            : throw new InvalidDataException("it does not match its digests.");
    }

    private string FileOf(RoundKey round) => Path.Combine(_folder, $"{round.Job}.{round.Number}{Extension}");

    /// <summary>The round of a file's name; null where this class would not have given that name.</summary>
    private RoundKey? RoundOf(string file)
    {
        try
        {
            var round = RoundKey.Parse(Path.GetFileNameWithoutExtension(file).Replace('.', ':'));
            return Path.GetFileName(FileOf(round)) == Path.GetFileName(file) ? round : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The kept update {File} is damaged and thrown away; it is trained again if it is still wanted: {Reason}")]
    private partial void LogDamaged(string file, string reason);

    [LoggerMessage(LogLevel.Information, "The kept update of {Round} was made for the site '{Owner}' and is thrown away: it is not offered to '{Site}'")]
    private partial void LogDiscarded(RoundKey round, string owner, string site);

    [LoggerMessage(LogLevel.Warning, "The file {File} in the outbox is not an update and is left alone")]
    private partial void LogForeign(string file);
}
