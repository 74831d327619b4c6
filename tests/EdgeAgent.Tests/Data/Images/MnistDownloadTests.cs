using System.Net;
using System.Net.Sockets;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EdgeAgent.Tests.Data.Images;

public sealed class MnistDownloadTests
{
    [Fact]
    public async Task Ensure_brings_the_four_files_once_and_says_so_line_by_line()
    {
        var real = WorkingTree.Mnist();
        using var folder = new TestFolder();
        using var server = new FileServer(name => File.ReadAllBytes(Path.Combine(real, name)));
        using var output = new StringWriter();
        var target = Path.Combine(folder.Path, "new", "mnist");
        var download = new MnistDownload(server.Address, target, TestSources.Console(output));
        Assert.Equal(target, await download.EnsureAsync(TestContext.Current.CancellationToken));
        Assert.Equal(target, await download.EnsureAsync(TestContext.Current.CancellationToken));
        Assert.Equal(4, server.Requests);
        Assert.Equal(60_000, MnistFiles.ReadTrain(target).Count);
        Assert.Equal(10_000, MnistFiles.ReadTest(target).Count);
        Assert.Equal(4, Directory.GetFiles(target).Length);
        Assert.Equal(4, output.ToString().Split("Downloading ").Length - 1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ensure_refuses_other_content_and_leaves_no_file(bool gzipped)
    {
        using var folder = new TestFolder();
        using var server = new FileServer(_ => gzipped ? IdxBytes.Gzip(IdxBytes.Images(2)) : "<html>"u8.ToArray());
        var fault = await FaultAsync(server.Address, folder);
        Assert.Contains("is not MNIST's file", fault, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_file_that_never_ends_is_not_read_to_its_end()
    {
        using var endless = new EndlessStream(65L << 20);
        Assert.Equal("too long", MnistDownload.DigestOf(endless));
    }

    [Fact]
    public async Task Ensure_with_a_missing_file_says_what_to_do()
    {
        using var folder = new TestFolder();
        using var server = new FileServer(_ => null);
        var fault = await FaultAsync(server.Address, folder);
        Assert.Contains("404", fault, StringComparison.Ordinal);
        Assert.Contains("mnist:FOLDER", fault, StringComparison.Ordinal);
        Assert.Contains("generated", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_without_a_network_says_what_to_do()
    {
        using var folder = new TestFolder();
        var fault = await FaultAsync($"http://127.0.0.1:{FileServer.FreePort()}/", folder);
        Assert.Contains("could not be downloaded", fault, StringComparison.Ordinal);
        Assert.Contains("mnist:FOLDER", fault, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', fault);
    }

    [Fact]
    public async Task Ensure_with_a_broken_address_names_the_variable()
    {
        using var folder = new TestFolder();
        Assert.Contains("ORLEANSEDGE_MNIST_URL is 'nonsense'", await FaultAsync("nonsense", folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ensure_into_a_place_that_is_a_file_says_what_to_do()
    {
        using var folder = new TestFolder();
        using var server = new FileServer(_ => null);
        var file = folder.Write("file", "");
        var download = new MnistDownload(server.Address, file, TestSources.Console(TextWriter.Null));
        var fault = await Assert.ThrowsAsync<DataException>(() => download.EnsureAsync(TestContext.Current.CancellationToken));
        Assert.Contains("cannot be written", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<string> FaultAsync(string address, TestFolder folder)
    {
        var download = new MnistDownload(address, folder.Path, TestSources.Console(TextWriter.Null));
        return (await Assert.ThrowsAsync<DataException>(() => download.EnsureAsync(TestContext.Current.CancellationToken))).Message;
    }

    /// <summary>Serves bytes over HTTP on a port of its own; null is "not found".</summary>
    private sealed class FileServer : IDisposable
    {
        private readonly HttpListener listener = new();
        private readonly Func<string, byte[]?> content;
        private int requests;

        public FileServer(Func<string, byte[]?> content)
        {
            this.content = content;
            Address = $"http://127.0.0.1:{FreePort()}/mnist/";
            listener.Prefixes.Add(Address);
            listener.Start();
            _ = ServeAsync();
        }

        public string Address { get; }

        public int Requests => Volatile.Read(ref requests);

        public static int FreePort()
        {
            using var probe = new TcpListener(IPAddress.Loopback, 0);
            probe.Start();
            return ((IPEndPoint)probe.LocalEndpoint).Port;
        }

        public void Dispose() => listener.Close();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    var context = await listener.GetContextAsync();
                    Interlocked.Increment(ref requests);
                    var bytes = content(context.Request.Url!.Segments[^1]);
                    context.Response.StatusCode = bytes is null ? 404 : 200;
                    context.Response.ContentLength64 = bytes?.Length ?? 0;
                    await context.Response.OutputStream.WriteAsync(bytes ?? []);
                    context.Response.Close();
                }
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                // The test is over.
            }
        }
    }

    /// <summary>What a small compressed file can hold: zeros without end. Whoever reads more than is patient with it fails.</summary>
    private sealed class EndlessStream(long patience) : Stream
    {
        private long _left = patience;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            _left -= count;
            Assert.True(_left >= 0, "read on and on");
            return count;
        }

        public override int Read(Span<byte> buffer)
        {
            _left -= buffer.Length;
            Assert.True(_left >= 0, "read on and on");
            return buffer.Length;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
