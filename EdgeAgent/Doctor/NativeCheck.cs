using System.Runtime.InteropServices;
using OrleansEdge.Participation.Doctor;

namespace OrleansEdge.EdgeAgent.Doctor;

/// <summary>Whether the library that computes can be loaded: it is native code for one system and one processor.</summary>
/// <param name="load">Loads it, and says why that does not work; null when it does.</param>
internal sealed partial class NativeCheck(Func<string?> load) : IDoctorCheck
{
    private const string Subject = "libtorch";

    /// <inheritdoc/>
    public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<Finding>>(
    [
        load() is { } why
            ? Finding.Problem(Subject, $"It does not work here ({why}; {CLibrary()}): use 64-bit Linux of Intel or AMD with glibc 2.31 or later, and install libstdc++6 and libgcc-s1.")
            : Finding.Ok(Subject, $"It is loaded and computes ({CLibrary()})."),
    ]);

    private static string CLibrary()
    {
        try
        {
            return OperatingSystem.IsLinux() ? $"glibc {Marshal.PtrToStringUTF8(GetVersion())}" : RuntimeInformation.RuntimeIdentifier;
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return "no glibc";
        }
    }

    [LibraryImport("libc", EntryPoint = "gnu_get_libc_version")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint GetVersion();
}
