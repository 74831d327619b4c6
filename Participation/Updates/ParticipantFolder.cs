using System.Security.Cryptography;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.Participation.Updates;

/// <summary>A participant's own folder: its instance key, its outbox, its cache. One process at a time, held by a lock.</summary>
internal sealed class ParticipantFolder : IDisposable
{
    private const string KeyFile = "instance.key";
    private const string LockFile = "agent.lock";

    private readonly FileStream _lock;

    private ParticipantFolder(string path, FileStream @lock, string instanceKey)
    {
        Path = path;
        _lock = @lock;
        InstanceKey = instanceKey;
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>64 hexadecimal digits that prove that this installation owns its id.</summary>
    public string InstanceKey { get; }

    /// <summary>The device's certificate; null where its site is in clear.</summary>
    public DeviceCredentials? Identity { get; set; }

    /// <summary>Where updates are kept.</summary>
    public string Outbox => System.IO.Path.Combine(Path, "outbox");

    /// <summary>Where TorchScript files are kept.</summary>
    public string Cache => System.IO.Path.Combine(Path, "cache");

    /// <summary>Opens a folder; makes it, and the key, if they are not there.</summary>
    /// <exception cref="ParticipantFolderException">It cannot be written, is in use, or its key is damaged.</exception>
    public static ParticipantFolder Open(string path)
    {
        try
        {
            CreatePrivate(path);
            var @lock = OpenLock(path);
            try
            {
                var folder = new ParticipantFolder(path, @lock, ReadOrMakeKey(System.IO.Path.Combine(path, KeyFile)));
                Directory.CreateDirectory(folder.Outbox);
                Directory.CreateDirectory(folder.Cache);
                return folder;
            }
            catch
            {
                @lock.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            throw new ParticipantFolderException($"the agent's folder {path} cannot be used: {exception.Message} Give another with --folder.", exception);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();

    private static void CreatePrivate(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static FileStream OpenLock(string path)
    {
        try
        {
            return new FileStream(System.IO.Path.Combine(path, LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception) when (IsHeld(exception))
        {
            throw new ParticipantFolderException(
                $"another agent runs in the folder {path}: end it, or give this one another --device and --folder.", exception);
        }
    }

    // EWOULDBLOCK of Linux and macOS; a sharing or lock violation of Windows. All else, such as a full disk, is not another agent.
    private static bool IsHeld(IOException exception) => exception.HResult is 11 or 35 or unchecked((int)0x80070020) or unchecked((int)0x80070021);

    private static string ReadOrMakeKey(string file)
    {
        if (File.Exists(file))
        {
            var key = File.ReadAllText(file).Trim();
            return key.Length == 2 * SHA256.HashSizeInBytes && key.All(char.IsAsciiHexDigitLower)
                ? key
                : throw new ParticipantFolderException($"the key in {file} is damaged: restore the file, or delete the folder to begin as a new device with another id.");
        }

        var fresh = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes));
        var temporary = file + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(fresh));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, file);
        return fresh;
    }
}

/// <summary>A participant's folder cannot be used. The message is one sentence for a person.</summary>
internal sealed class ParticipantFolderException(string message, Exception? inner = null) : Exception(message, inner);
