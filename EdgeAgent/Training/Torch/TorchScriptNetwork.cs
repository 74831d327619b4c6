using System.IO.Compression;
using TorchSharp;
using static TorchSharp.torch;

namespace OrleansEdge.EdgeAgent.Training.Torch;

/// <summary>A network from a TorchScript file.</summary>
internal static class TorchScriptNetwork
{
    // Operators that draw from the library's process-wide generator in the forward pass, as their names occur in the stored code.
    private static readonly string[] RandomOperators =
        ["dropout", "rand", "bernoulli", "normal", "multinomial", "rrelu", "uniform_", "poisson", "exponential_", "geometric_", "cauchy_"];

    // In characters. A network has some thousands; a small compressed file can hold what never ends.
    private const int MostCode = 32 << 20;
    private const int BlockLength = 1 << 16;

    /// <summary>Loads a file, which runs none of its code.</summary>
    /// <exception cref="ModelException">The file is not TorchScript, or memory ran out.</exception>
    public static jit.ScriptModule<Tensor, Tensor> Load(TorchScriptFile file)
    {
        try
        {
            return jit.load<Tensor, Tensor>(file.Path, DeviceType.CPU);
        }
        catch (FileNotFoundException fault)
        {
            throw new ModelException($"{file.Name} does not exist: give the path of a file that torch.jit.save wrote.", fault);
        }
        catch (Exception fault) when (TorchFaults.IsFault(fault))
        {
            throw TorchFaults.IsOutOfMemory(fault)
                ? TorchFaults.While(file.Name, "loading", fault)
                : new ModelException(
                    $"{file.Name} is not a TorchScript file ({TorchFaults.Reason(fault)}): save it with torch.jit.script(module).save(path).", fault);
        }
    }

    /// <summary>Whether the network's code draws random numbers, as dropout does. Says yes where it cannot tell.</summary>
    public static bool DrawsRandomNumbers(TorchScriptFile file)
    {
        using var archive = ZipFile.OpenRead(file.Path);
        var left = MostCode;
        foreach (var entry in archive.Entries.Where(entry => entry.FullName.EndsWith(".py", StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(entry.Open());
            if (DrawsRandomNumbers(reader, ref left))
            {
                return true;
            }
        }

        return false;
    }

    private static bool DrawsRandomNumbers(StreamReader code, ref int left)
    {
        // A name may lie across two blocks.
        var overlap = RandomOperators.Max(name => name.Length) - 1;
        var block = new char[overlap + BlockLength];
        var kept = 0;
        int read;
        while ((read = code.Read(block, kept, block.Length - kept)) > 0)
        {
            left -= read;
            var text = block.AsSpan(0, kept + read);
            foreach (var name in RandomOperators)
            {
                if (left < 0 || text.Contains(name, StringComparison.Ordinal))
                {
                    return true;
                }
            }

            kept = Math.Min(text.Length, overlap);
            text[^kept..].CopyTo(block);
        }

        return false;
    }
}
