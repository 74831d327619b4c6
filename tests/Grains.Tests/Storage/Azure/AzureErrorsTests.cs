using System.Net;
using System.Net.Sockets;
using Azure;
using OrleansEdge.Azurite;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Azure;

namespace OrleansEdge.Grains.Tests.Storage.Azure;

public sealed class AzureErrorsTests(AzuriteFixture azurite)
{
    private const string Key = "c2VjcmV0LWtleS1vZi1hLXRlc3Q=";

    private static readonly BlobName Name = BlobName.Create("content", "ab/abcd");
    private static readonly AzureBlobStoreOptions Impatient = new() { NetworkTimeout = TimeSpan.FromMilliseconds(300), MaximumRetries = 1, RetryDelay = TimeSpan.FromMilliseconds(1) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("")]
    [InlineData("no connection string")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=edge;AccountKey=not base64!;EndpointSuffix=core.windows.net")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=edge;EndpointSuffix=core.windows.net")]
    [InlineData("UseDevelopmentStorage=perhaps")]
    public void Text_that_is_no_connection_string_is_refused_without_being_shown(string text)
    {
        var exception = Assert.Throws<BlobStoreException>(() => AzureBlobStore.Connect(text));
        Assert.StartsWith("The store's connection string is not one of Azure Storage", exception.Message);
        Assert.DoesNotContain(Key, exception.ToString());
        Assert.DoesNotContain("not base64!", exception.ToString());
    }

    [Fact]
    public async Task Wrong_key_is_named()
    {
        var connection = await azurite.ConnectionString();
        var store = AzureBlobStore.Connect(string.Join(';', connection.Split(';').Select(part => part.StartsWith("AccountKey", StringComparison.Ordinal) ? $"AccountKey={Key}" : part)));
        foreach (var exception in await FailuresOf(store))
        {
            Assert.Contains("refuses to let this site", exception.Message);
            Assert.Contains(store.Account, exception.Message);
            Assert.DoesNotContain(Key, exception.Message);
        }
    }

    [Fact]
    public async Task Service_that_is_not_there_is_named()
    {
        using var taken = new TcpListener(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        taken.Stop();
        foreach (var exception in await FailuresOf(AzureBlobStore.Connect(Connection(port), Impatient)))
        {
            Assert.StartsWith($"The storage account at 'http://127.0.0.1:{port}/edge' cannot be reached to ", exception.Message);
            Assert.Contains("Connection refused", exception.Message);
        }
    }

    [Fact]
    public async Task Service_that_does_not_answer_is_named_in_time()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var store = AzureBlobStore.Connect(Connection(((IPEndPoint)silent.LocalEndpoint).Port), Impatient);
        foreach (var exception in await FailuresOf(store))
        {
            Assert.Contains("did not answer in time when asked to", exception.Message);
        }
    }

    [Fact]
    public async Task Program_that_is_no_storage_service_is_named()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answering = AnswerNonsense(listener, stop.Token);
        foreach (var exception in await FailuresOf(AzureBlobStore.Connect(Connection(((IPEndPoint)listener.LocalEndpoint).Port), Impatient)))
        {
            Assert.DoesNotContain('\n', exception.Message);
            Assert.Contains("http://127.0.0.1", exception.Message);
        }

        await stop.CancelAsync();
        await answering;
    }

    [Fact]
    public async Task Caller_that_gives_up_is_not_told_of_a_failure()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var store = AzureBlobStore.Connect(Connection(((IPEndPoint)silent.LocalEndpoint).Port));
        using var cancelled = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.Read(Name, cancelled.Token));
    }

    [Fact]
    public void Identity_over_plain_http_is_refused()
    {
        var exception = Assert.Throws<BlobStoreException>(() =>
            AzureBlobStore.Connect(new Uri("http://edge.blob.core.windows.net"), new NoCredential()));
        Assert.Contains("https", exception.Message);
    }

    [Theory]
    [InlineData(507, null, "is full, so it cannot write 'content/ab': free some space or raise its limit.")]
    [InlineData(507, "InsufficientStorage", "is full, so it cannot write 'content/ab': free some space or raise its limit.")]
    [InlineData(409, "AccountLimitExceeded", "is full, so it cannot write 'content/ab': free some space or raise its limit.")]
    [InlineData(500, "InternalError", "failed to write 'content/ab' (InternalError): look at the service's health and its disk.")]
    [InlineData(502, null, "failed to write 'content/ab' (status 502): look at the service's health and its disk.")]
    [InlineData(503, "ServerBusy", "is too busy to write 'content/ab' (ServerBusy): wait, or raise its limits.")]
    [InlineData(429, null, "is too busy to write 'content/ab' (status 429): wait, or raise its limits.")]
    [InlineData(403, "AuthorizationFailure", "refuses to let this site write 'content/ab' (AuthorizationFailure): check the account's key or SAS, or give the identity the role " +
        "'Storage Blob Data Contributor', and compare the clocks.")]
    [InlineData(409, "ContainerBeingDeleted", "is deleting the container, so it cannot write 'content/ab': wait a minute.")]
    [InlineData(409, "SnapshotsPresent", "refused to write 'content/ab' (SnapshotsPresent): look at its settings.")]
    public void Answer_of_the_service_says_what_to_do(int status, string? code, string sentence)
    {
        var answer = new RequestFailedException(status, "The service's own words.", code, null);

        Assert.Equal($"The storage account at 'https://edge' {sentence}", AzureErrors.Explain(answer, "https://edge", "write 'content/ab'").Message);
        Assert.Equal($"The storage account at 'https://edge' {sentence}", AzureErrors.Explain(new AggregateException(new IOException(), answer), "https://edge", "write 'content/ab'").Message);
    }

    [Theory]
    [InlineData(429, null, true)]
    [InlineData(500, null, true)]
    [InlineData(503, null, true)]
    [InlineData(507, null, true)]
    [InlineData(409, "ContainerBeingDeleted", true)]
    [InlineData(409, "ContainerDisabled", false)]
    [InlineData(403, null, false)]
    public void Answer_that_may_be_another_soon_is_passing(int status, string? code, bool isPassing) =>
        Assert.Equal(isPassing, AzureErrors.Explain(new RequestFailedException(status, "", code, null), "https://edge", "write 'content/ab'").IsPassing);

    [Theory]
    [InlineData(412, "ConditionNotMet", true)]
    [InlineData(409, "BlobAlreadyExists", true)]
    [InlineData(404, "BlobNotFound", true)]
    [InlineData(404, "ContainerNotFound", false)]
    [InlineData(412, "LeaseIdMissing", false)]
    [InlineData(409, "BlobImmutableDueToPolicy", false)]
    [InlineData(409, "BlobImmutableDueToLegalHold", false)]
    [InlineData(409, "ContainerBeingDeleted", false)]
    [InlineData(507, null, false)]
    public void Only_what_another_writer_causes_is_a_conflict(int status, string? code, bool isConflict) =>
        Assert.Equal(isConflict, AzureErrors.IsConflict(new RequestFailedException(status, "", code, null)));

    private static string Connection(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName=edge;AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/edge;";

    private static async Task<List<BlobStoreException>> FailuresOf(AzureBlobStore store) =>
    [
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.Read(Name, Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.ReadRange(Name, 0, new byte[1], Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.OpenRead(Name, Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.GetLength(Name, Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.Write(Name, new byte[1], BlobCondition.IfMatch("x"), Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.Touch(Name, cancellation: Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.Delete(Name, BlobCondition.IfMatch("x"), Cancellation)),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.List("content", "", Cancellation).GetAsyncEnumerator(Cancellation).MoveNextAsync()),
        await Assert.ThrowsAsync<BlobStoreException>(async () => await store.Now(Cancellation)),
    ];

    private static async Task AnswerNonsense(TcpListener listener, CancellationToken stop)
    {
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync(stop);
                await client.GetStream().WriteAsync("220 mail.example ESMTP\r\n"u8.ToArray(), stop);
            }
        }
        catch (OperationCanceledException)
        {
            // The test is over.
        }
    }

    private sealed class NoCredential : global::Azure.Core.TokenCredential
    {
        public override global::Azure.Core.AccessToken GetToken(global::Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();

        public override ValueTask<global::Azure.Core.AccessToken> GetTokenAsync(global::Azure.Core.TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            throw new NotSupportedException();
    }
}
