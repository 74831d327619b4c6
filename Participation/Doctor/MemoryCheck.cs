namespace OrleansEdge.Participation.Doctor;

/// <summary>Whether this process may use as much memory as its work needs.</summary>
/// <param name="need">Bytes.</param>
/// <param name="forWhat">What takes them, as the end of a sentence.</param>
/// <param name="machine">This machine.</param>
internal sealed class MemoryCheck(long need, string forWhat, Machine machine) : IDoctorCheck
{
    private const string Subject = "memory";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation)
    {
        var there = machine.Memory();
        var sentence = $"{Machine.Size(there)} may be used, and about {Machine.Size(need)} are needed for {forWhat}";
        return Task.FromResult<IReadOnlyList<Finding>>(
        [
            there >= need + (need / 2) ? Finding.Ok(Subject, $"{sentence}.")
            : there >= need ? Finding.Warning(Subject, $"{sentence}: that is little more, so leave the machine to this program, or raise its limit (MemoryMax, --memory).")
            : Finding.Problem(Subject, $"{sentence}: raise the limit (MemoryMax, --memory), or use a machine with more."),
        ]);
    }
}
