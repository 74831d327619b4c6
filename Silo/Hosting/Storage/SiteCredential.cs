using Azure.Core;
using Azure.Identity;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Silo.Hosting.Storage;

/// <summary>The identity of this process: from its environment, the machine, or whoever is logged in.</summary>
/// <param name="account">What it is for, for messages.</param>
/// <param name="inner">Null: the default chain of Azure.Identity.</param>
internal sealed class SiteCredential(Uri account, TokenCredential? inner = null) : TokenCredential
{
    private readonly TokenCredential _inner = inner ?? new DefaultAzureCredential();

    /// <inheritdoc/>
    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return _inner.GetToken(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw Explain(exception);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        try
        {
            return await _inner.GetTokenAsync(requestContext, cancellationToken);
        }
        catch (AuthenticationFailedException exception)
        {
            throw Explain(exception);
        }
    }

    private BlobStoreException Explain(AuthenticationFailedException exception) => new(
        $"No identity was found that the store '{account}' could know ({exception.Message.Split(['.', ':', '\r', '\n'], 2)[0]}): give the machine a " +
        "managed identity, set AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or log in with 'az login'.",
        exception);
}
