using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OrleansEdge.Grains.Storage.Folder;
using OrleansEdge.Silo.Tests.Commands;

namespace OrleansEdge.Silo.Tests.Hosting;

/// <summary>A silo as a process that cannot start.</summary>
public sealed class ServeCommandTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--urls")]
    [InlineData("--silo-port")]
    [InlineData("--gateway-port")]
    public async Task Port_in_use_is_named_with_its_option(string option)
    {
        // As Orleans opens its ports: another could listen on it too, and neither would notice.
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen(1);
        var port = ((IPEndPoint)other.LocalEndPoint!).Port;

        var error = await Refusal(1, [.. FreePorts(), option, option == "--urls" ? $"http://127.0.0.1:{port}" : $"{port}"]);

        Assert.Equal($"The port {port} is in use already: end the process that listens there, or choose another port with {option}.", error);
    }

    [Fact]
    public async Task Port_that_is_named_twice_is_in_use() =>
        Assert.EndsWith("choose another port with --gateway-port.", await Refusal(1, [.. FreePorts(), "--silo-port", "17999", "--gateway-port", "17999"]));

    [Fact]
    public async Task Store_of_another_silo_is_refused()
    {
        using var other = FolderBlobStore.Open(Path.Combine(_folder.Path, "store"));

        Assert.Contains($"is in use by process {Environment.ProcessId}: stop it or give another folder.", await Refusal(1, FreePorts()));
    }

    [Theory]
    [InlineData(1, "--store", "/dev/null/store", "check its owner and permissions or give another folder.")]
    [InlineData(2, "--urls", "nonsense", "'nonsense' is not an address to listen on: write for example --urls http://127.0.0.1:7400.")]
    [InlineData(2, "--name", "My Site", "'My Site' is not a site name: use 1 to 63 lower-case letters, digits and hyphens")]
    [InlineData(2, "--silo-port", "99999", "--silo-port is 99999: a port is a number from 1 to 65535.")]
    public async Task Argument_that_cannot_be_used_is_refused_in_a_sentence(int exitCode, string option, string value, string sentence) =>
        Assert.Contains(sentence, await Refusal(exitCode, [.. FreePorts(), option, value]));

    [Theory]
    [InlineData(1, "Identity__TokenLifetime", "00:00:01", "Identity:TokenLifetime is from 00:00:05 to 1.00:00:00: give it as hours:minutes:seconds.")]
    [InlineData(1, "Identity__TokenLifetime", "soon", "'soon' at 'Identity:TokenLifetime'")]
    [InlineData(1, "Coordination__MaximumParticipants", "many", "'many' at 'Coordination:MaximumParticipants'")]
    [InlineData(1, "Limits__CallsPerSecond", "many", "'many' at 'Limits:CallsPerSecond'")]
    [InlineData(1, "Orleans__GrainStorage__x__ContainerName", "Grain State", "Grain State", "Orleans__GrainStorage__x__ProviderType", "Blob")]
    [InlineData(2, "Identity__Authority", "http://login.example.org", "Identity:Authority is 'http://login.example.org': write the https:// address of the identity provider.")]
    public async Task Setting_that_cannot_be_used_is_refused_in_a_sentence(int exitCode, string variable, string value, string sentence, string other = "UNUSED", string otherValue = "") =>
        Assert.Contains(sentence, await Refusal(exitCode, FreePorts(), (variable, value), (other, otherValue)));

    /// <summary>What the process says before it ends: one line, without its mark.</summary>
    private async Task<string> Refusal(int exitCode, string[] arguments, params (string Name, string Value)[] variables)
    {
        string[] store = arguments.Contains("--store") ? [] : ["--store", Path.Combine(_folder.Path, "store")];
        var last = arguments.Chunk(2).GroupBy(pair => pair[0]).SelectMany(group => group.Last());
        var info = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "Silo.dll"), "serve", .. last, .. store])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in variables)
        {
            info.Environment[name] = value;
        }

        using var process = Process.Start(info)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var error = await process.StandardError.ReadToEndAsync(limit.Token);
            Assert.Equal("", await output);
            await process.WaitForExitAsync(limit.Token);
            Assert.Equal(exitCode, process.ExitCode);
            return Assert.Single(error.TrimEnd('\n').Split('\n')).Replace("error: ", "", StringComparison.Ordinal);
        }
        finally
        {
            process.Kill();
        }
    }

    private static string[] FreePorts()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        using var third = new TcpListener(IPAddress.Loopback, 0);
        return
        [
            "--urls", $"http://127.0.0.1:{Port(first)}", "--silo-port", $"{Port(second)}", "--gateway-port", $"{Port(third)}",
        ];
    }

    private static int Port(TcpListener listener)
    {
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
