using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Security.Files;
using OrleansEdge.Contracts.Tests.Security;
using OrleansEdge.EdgeAgent.Doctor;
using OrleansEdge.EdgeAgent.Tests.Data;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Participation.Security;

namespace OrleansEdge.EdgeAgent.Tests.Doctor;

/// <summary>What the doctor says of the machine itself.</summary>
[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class MachineCheckTests : IDisposable
{
    private static readonly ParticipantId Device = ParticipantId.Parse("dev1");

    private readonly TestFolder _folder = new();
    private readonly TestAuthority _authority = new(now: TestMachine.Now);

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(100L << 30, Severity.Ok, "can be written, and has 100 GiB left.")]
    [InlineData(1L << 30, Severity.Warning, "has only 1 GiB left: make room, or give another folder.")]
    [InlineData(50L << 20, Severity.Problem, "has 50 MiB left, which is as good as full: make room, or give another folder.")]
    internal async Task Disk_is_judged_by_what_is_left(long free, Severity severity, string sentence)
    {
        var finding = await TestMachine.Only(Folder(_folder.Path, TestMachine.Sound with { FreeSpace = _ => free }));

        Assert.Equal(new Finding(severity, "store", $"{_folder.Path} {sentence}"), finding);
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public async Task Folder_that_is_not_there_is_judged_by_where_it_would_be()
    {
        var folder = Path.Combine(_folder.Path, "a", "b");

        Assert.StartsWith($"{folder}, which will be made, can be written", (await TestMachine.Only(Folder(folder, TestMachine.Sound))).Sentence, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.GetDirectoryName(folder)));
    }

    [Fact]
    public async Task File_where_a_folder_should_be_is_a_problem()
    {
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);

        Assert.Equal(Finding.Problem("store", $"{file} is a file and should be a folder: move it away, or give another folder."),
            await TestMachine.Only(Folder(Path.Combine(file, "store"), TestMachine.Sound)));
    }

    [Fact]
    public async Task Folder_of_a_disk_that_cannot_be_written_is_a_problem() => Assert.StartsWith(
        "/proc/self cannot be read and written by the user '", (await TestMachine.Only(Folder("/proc/self", TestMachine.Sound))).Sentence, StringComparison.Ordinal);

    [Theory]
    [InlineData(4096, Severity.Ok)]
    [InlineData(1024, Severity.Warning)]
    [InlineData(512, Severity.Problem)]
    internal async Task Memory_is_judged_by_what_a_model_needs(long there, Severity severity)
    {
        var finding = await TestMachine.Only(new MemoryCheck(900L << 20, "training a model", TestMachine.Sound with { Memory = () => there << 20 }));

        Assert.Equal(severity, finding.Severity);
        Assert.Contains("and about 900 MiB are needed for training a model", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Library_that_does_not_load_is_a_problem_with_its_reason()
    {
        var finding = await TestMachine.Only(new NativeCheck(() => "libtorch_cpu.so: cannot open shared object file"));

        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.StartsWith("It does not work here (libtorch_cpu.so: cannot open shared object file; glibc 2.", finding.Sentence, StringComparison.Ordinal);
        Assert.Equal(Severity.Ok, (await TestMachine.Only(new NativeCheck(() => null))).Severity);
    }

    [Fact]
    public async Task Device_that_has_not_enrolled_is_told_how()
    {
        Assert.Equal(Severity.Warning, (await Identity()).Severity);
        Assert.Equal(Severity.Ok, (await Identity(TestMachine.Sound with { Variable = name => name == DeviceAdmission.Variable ? "oe1.x" : null })).Severity);
        Assert.Equal("None is needed: the site is in clear.", (await TestMachine.Only(new IdentityCheck(_folder.Path, Device, isSecured: false, TestMachine.Sound))).Sentence);
    }

    [Theory]
    [InlineData(30 * 24 * 60, Severity.Ok, "That of 'harbour/dev1' is valid until 2026-03-31, and the agent renews it.")]
    [InlineData(-30, Severity.Warning, "That of 'harbour/dev1' has ended on")]
    internal async Task Certificate_is_judged_by_its_end(int minutes, Severity severity, string sentence)
    {
        Enrol(_authority.Device("dev1", TimeSpan.FromMinutes(minutes)));

        var finding = await Identity();

        Assert.Equal(severity, finding.Severity);
        Assert.StartsWith(sentence, finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificate_of_another_device_and_a_key_that_others_can_read_are_problems()
    {
        Enrol(_authority.Device("dev2"));
        Assert.Contains("is that of 'harbour/dev2', and this device is 'dev1'", (await Identity()).Sentence, StringComparison.Ordinal);

        File.SetUnixFileMode(Path.Combine(_folder.Path, "identity", "device.key"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        var finding = await Identity();
        Assert.Equal(Severity.Problem, finding.Severity);
        Assert.Contains("can be read by others than its owner: take their right away with 'chmod 600", finding.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Report_is_a_line_each_or_one_document_and_ends_with_1_where_there_is_a_problem()
    {
        IDoctorCheck[] checks = [Folder(_folder.Path, TestMachine.Sound), new Broken(), new NativeCheck(() => "no"), new NativeCheck(() => null)];

        using var lines = new StringWriter();
        Assert.Equal(1, await DoctorRun.Run(checks, lines, json: false, TestContext.Current.CancellationToken));
        Assert.Equal(["ok       store", "warning  Broken", "problem  libtorch", "ok       libtorch"], lines.ToString().Split('\n')[..4].Select(line => line.Split(':')[0]));
        using var document = new StringWriter();
        Assert.Equal(0, await DoctorRun.Run([checks[0], checks[1]], document, json: true, TestContext.Current.CancellationToken));
        Assert.StartsWith("{\"findings\":[{\"severity\":\"ok\",\"subject\":\"store\",\"sentence\":", document.ToString(), StringComparison.Ordinal);
        Assert.EndsWith("\"warnings\":1,\"problems\":0}\n", document.ToString(), StringComparison.Ordinal);
    }

    private static FolderCheck Folder(string folder, Machine machine) => new("store", folder, 10L << 28, "give another folder", machine);

    private Task<Finding> Identity(Machine? machine = null) => TestMachine.Only(new IdentityCheck(_folder.Path, Device, isSecured: true, machine ?? TestMachine.Sound));

    private void Enrol(System.Security.Cryptography.X509Certificates.X509Certificate2 certificate)
    {
        var folder = Path.Combine(_folder.Path, "identity");
        PrivateFiles.CreateFolder(folder);
        using var key = System.Security.Cryptography.X509Certificates.ECDsaCertificateExtensions.GetECDsaPrivateKey(certificate)!;
        PrivateFiles.WriteSecret(Path.Combine(folder, "device.key"), key.ExportPkcs8PrivateKeyPem());
        PrivateFiles.WriteSecret(Path.Combine(folder, "device.pem"), PrivateFiles.ToPem([certificate, .. _authority.Intermediates]));
        PrivateFiles.WriteSecret(Path.Combine(folder, "authority.pem"), PrivateFiles.ToPem(_authority.Authorities));
    }

    private sealed class Broken : IDoctorCheck
    {
        public Task<IReadOnlyList<Finding>> Look(CancellationToken cancellation) => throw new InvalidOperationException("broken");
    }
}
