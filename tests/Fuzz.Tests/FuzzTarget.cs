namespace OrleansEdge.Fuzz.Tests;

/// <summary>A parser of bytes or text that come from outside.</summary>
/// <param name="Name">The target's name: what is read.</param>
/// <param name="Parser">The type that reads it.</param>
/// <param name="Read">
/// Reads one input, and throws <see cref="PropertyException"/> where what was read has not the property that it must have.
/// </param>
/// <param name="IsDeclared">Whether the parser may end with an exception, as its documentation says.</param>
/// <param name="Corpus">Inputs that are accepted.</param>
internal sealed record FuzzTarget(string Name, Type Parser, Action<ReadOnlyMemory<byte>> Read, Func<Exception, bool> IsDeclared, IReadOnlyList<byte[]> Corpus)
{
    /// <summary>What a parser may allocate whatever it reads, in bytes, the exception and its message included; default 256 KiB.</summary>
    public long FixedAllocation { get; init; } = 256 << 10;

    /// <summary>What it may allocate besides for each byte of its input; default 64.</summary>
    public int AllocationPerByte { get; init; } = 64;

    /// <summary>Whether every input is accepted.</summary>
    public bool AcceptsAll { get; init; }

    /// <summary>Whether it is signed as a whole, so that every change may be refused: then nothing but the corpus need be accepted.</summary>
    public bool IsSealed { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What was read has not the property that it must have.</summary>
internal sealed class PropertyException(string message) : Exception(message)
{
    /// <summary>Complains unless <paramref name="holds"/>.</summary>
    public static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new PropertyException(message);
        }
    }
}
