namespace OrleansEdge.Contracts.Identity;

/// <summary>Puts the operator's credential for a site, where there is one, beside each request.</summary>
/// <param name="inner">What sends requests.</param>
public sealed class OperatorCredentialHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    /// <inheritdoc/>
    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Headers.Authorization is null && OperatorCredential.Find(request.RequestUri!) is { } token)
        {
            request.Headers.Authorization = new("Bearer", token);
        }

        return base.SendAsync(request, cancellationToken);
    }
}
