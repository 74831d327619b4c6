using System.Diagnostics;

namespace OrleansEdge.Fuzz.Tests;

/// <summary>What came of a run.</summary>
/// <param name="Inputs">How many inputs were read.</param>
/// <param name="Accepted">How many were accepted; all others were refused as declared.</param>
/// <param name="LargestAllocation">The most that one input made the parser allocate, in bytes.</param>
/// <param name="Duration">How long it took.</param>
internal sealed record FuzzReport(int Inputs, int Accepted, long LargestAllocation, TimeSpan Duration);

/// <summary>
/// Reads many inputs on a thread of its own, with a small stack, while the calling thread watches that it gets on. What a parser does with the
/// last input is kept in a file, which survives the process.
/// </summary>
internal sealed class FuzzRun(FuzzTarget target, int inputs, int seed)
{
    /// <summary>One input takes microseconds; a machine may be busy.</summary>
    private static readonly TimeSpan LongestInput = TimeSpan.FromSeconds(30);

    /// <summary>Less than any thread of the product has, so that what nests too deep shows here first.</summary>
    private const int StackSize = 512 << 10;

    private readonly Mutator _mutator = new(target.Corpus, seed);
    private int _number;
    private int _accepted;
    private long _largest;
    private string? _failure;

    /// <summary>Reads them all.</summary>
    /// <exception cref="PropertyException">A parser did what it must not; the message has the input.</exception>
    public FuzzReport Run()
    {
        using var last = new LastInput(target.Name);
        var began = Stopwatch.GetTimestamp();
        var thread = new Thread(() => ReadAll(last), StackSize) { IsBackground = true, Name = $"fuzz {target.Name}" };
        thread.Start();
        for (var seen = -1; !thread.Join(LongestInput); seen = Volatile.Read(ref _number))
        {
            PropertyException.Require(seen != Volatile.Read(ref _number), Describe(seen, $"is still being read after {LongestInput.TotalSeconds} s"));
        }

        PropertyException.Require(_failure is null, _failure ?? "");
        return new(inputs, _accepted, _largest, Stopwatch.GetElapsedTime(began));
    }

    private void ReadAll(LastInput last)
    {
        try
        {
            foreach (var valid in target.Corpus)
            {
                target.Read(valid);
            }
        }
        catch (Exception exception)
        {
            _failure = $"'{target.Name}': an input of the corpus is refused: {exception}";
        }

        for (var number = 0; number < inputs && _failure is null; number++)
        {
            Volatile.Write(ref _number, number);
            var input = _mutator.Make(number);
            last.Keep(input);
            var limit = target.FixedAllocation + ((long)target.AllocationPerByte * input.Length);
            var allocated = ReadOne(number, input);

            // What is made once for the whole process is not the input's doing: the second reading tells.
            allocated = allocated > limit ? ReadOne(number, input) : allocated;
            _largest = Math.Max(_largest, allocated);
            if (allocated > limit)
            {
                _failure ??= Describe(number, $"allocates {allocated} bytes, and {limit} are allowed");
            }
        }
    }

    private long ReadOne(int number, byte[] input)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            target.Read(input);
            _accepted += _number == number ? 1 : 0;
        }
        catch (Exception exception) when (exception is not PropertyException && target.IsDeclared(exception))
        {
            // Refused, as declared.
        }
        catch (Exception exception)
        {
            _failure = Describe(number, $"ends with {exception}");
        }

        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private string Describe(int number, string fault) =>
        $"'{target.Name}', input {number} of seed {seed}, {fault}\n{Convert.ToBase64String(_mutator.Make(Math.Max(number, 0)))}";
}
