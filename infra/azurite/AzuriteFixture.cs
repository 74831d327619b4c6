namespace OrleansEdge.Azurite;

/// <summary>One Azurite for all tests of an assembly: started by the first that asks, ended with the last.</summary>
public sealed class AzuriteFixture : IAsyncDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private string? _folder;
    private AzuriteServer? _server;
    private AzuriteException? _refusal;

    /// <summary>The connection string of an empty account.</summary>
    /// <exception cref="AzuriteException">Azurite cannot be used here; the test is to be skipped with the message.</exception>
    public async Task<string> NewAccount(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            _server ??= await Start(cancellation);
            return _server.NewAccount();
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Ends Azurite and deletes its folder.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }

        _turn.Dispose();
    }

    private async Task<AzuriteServer> Start(CancellationToken cancellation)
    {
        if (_refusal is not null)
        {
            throw _refusal;
        }

        _folder ??= Directory.CreateTempSubdirectory("orleansedge-azurite-").FullName;
        try
        {
            return await AzuriteServer.Start(_folder, cancellation);
        }
        catch (AzuriteException exception)
        {
            _refusal = exception;
            throw;
        }
    }
}
