using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Copies a 64-bit little-endian ELF library with one of its version needs marked weak (VER_FLG_WEAK), so that the loader accepts a system
/// without that version. Refuses a file that is not the one that was examined. Compiled by MSBuild while building, not part of a project.
/// </summary>
public sealed class MarkVersionWeak : Task
{
    private const uint VersionNeedSection = 0x6ffffffe;
    private const byte WeakFlag = 2;

    [Required]
    public string Original { get; set; }

    [Required]
    public string Patched { get; set; }

    /// <summary>The original's SHA-256, lower-case hexadecimal.</summary>
    [Required]
    public string Sha256 { get; set; }

    /// <summary>The version to mark, such as GLIBCXX_3.4.32.</summary>
    [Required]
    public string Version { get; set; }

    public override bool Execute()
    {
        var image = File.ReadAllBytes(Original);
        string hash;
        using (var sha256 = SHA256.Create())
        {
            hash = BitConverter.ToString(sha256.ComputeHash(image)).Replace("-", "").ToLowerInvariant();
        }

        if (hash != Sha256)
        {
            Log.LogError(
                $"{Original} has the SHA-256 {hash}, not {Sha256} that was examined: check with 'readelf -V' whether it still needs {Version}, " +
                "with 'readelf -rW' that no relocation uses it, and change infra/build/TorchSharpNative.targets as " +
                "docs/decisions/0001-torchsharp-native-library.md says.");
            return false;
        }

        if (Mark(image, ElfHash(Version)) != 1)
        {
            Log.LogError($"{Original} does not need {Version} exactly once: see docs/decisions/0001-torchsharp-native-library.md.");
            return false;
        }

        Publish(image);
        return true;
    }

    // Several projects build at once, and one may be linking to the file: it is only ever replaced whole, by the same bytes.
    private void Publish(byte[] image)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Patched));
        var temporary = Patched + "." + Guid.NewGuid().ToString("N");
        File.WriteAllBytes(temporary, image);
        try
        {
            File.Move(temporary, Patched);
        }
        catch (IOException) when (File.Exists(Patched))
        {
            File.Replace(temporary, Patched, null);
        }
    }

    private static int Mark(byte[] image, uint version)
    {
        var sections = (long)BitConverter.ToUInt64(image, 0x28);
        int size = BitConverter.ToUInt16(image, 0x3a), count = BitConverter.ToUInt16(image, 0x3c), marked = 0;
        for (var section = 0; section < count; section++)
        {
            var header = (int)sections + section * size;
            if (BitConverter.ToUInt32(image, header + 4) == VersionNeedSection)
            {
                marked += MarkNeeds(image, (int)BitConverter.ToUInt64(image, header + 0x18), version);
            }
        }

        return marked;
    }

    // Elf64_Verneed: number of entries at 2 (16 bits), first entry at 8, next at 12. Elf64_Vernaux: hash at 0, flags at 4 (16 bits), next at 12.
    private static int MarkNeeds(byte[] image, int need, uint version)
    {
        for (var marked = 0; ; need += BitConverter.ToInt32(image, need + 12))
        {
            var entry = need + BitConverter.ToInt32(image, need + 8);
            for (int left = BitConverter.ToUInt16(image, need + 2); left > 0; left--, entry += BitConverter.ToInt32(image, entry + 12))
            {
                if (BitConverter.ToUInt32(image, entry) == version)
                {
                    image[entry + 4] |= WeakFlag;
                    marked++;
                }
            }

            if (BitConverter.ToInt32(image, need + 12) == 0)
            {
                return marked;
            }
        }
    }

    private static uint ElfHash(string name)
    {
        uint hash = 0;
        foreach (var character in Encoding.ASCII.GetBytes(name))
        {
            hash = (hash << 4) + character;
            var high = hash & 0xf0000000;
            hash = (hash ^ (high >> 24)) & ~high;
        }

        return hash;
    }
}
