using System.Buffers;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OrleansEdge.Silo.Web;

/// <summary>Takes large bodies in blocks, up to a limit that the address sets itself.</summary>
internal static class RequestBody
{
    private const int BlockLength = 1 << 20;

    /// <summary>Hands the body to <paramref name="sink"/>.</summary>
    /// <param name="context">The request.</param>
    /// <param name="noun">What the body is, for the message.</param>
    /// <param name="limit">The largest length, in bytes.</param>
    /// <param name="sink">Takes each block; the memory is used again when its task ends.</param>
    /// <param name="cancellation">Stops the reading.</param>
    /// <exception cref="ApiException">The body is longer; where its length is announced, none of it has been read.</exception>
    public static async Task Copy(
        HttpContext context, string noun, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        if (context.Request.ContentLength > limit)
        {
            throw TooLarge(noun, limit);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } feature)
        {
            // The limit is kept below, with a sentence of its own.
            feature.MaxRequestBodySize = null;
        }

        await Copy(context.Request.Body, noun, limit, sink, cancellation);
    }

    /// <inheritdoc cref="Copy(HttpContext, string, long, Func{ReadOnlyMemory{byte}, CancellationToken, ValueTask}, CancellationToken)"/>
    internal static async Task Copy(
        Stream body, string noun, long limit, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> sink, CancellationToken cancellation)
    {
        var block = ArrayPool<byte>.Shared.Rent(BlockLength);
        try
        {
            long total = 0;
            int read;
            while ((read = await body.ReadAsync(block, cancellation)) > 0)
            {
                total += read;
                if (total > limit)
                {
                    throw TooLarge(noun, limit);
                }

                await sink(block.AsMemory(0, read), cancellation);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(block);
        }
    }

    private static ApiException TooLarge(string noun, long limit) =>
        ApiException.TooLarge($"The {noun} is larger than {limit:N0} bytes, the most that is taken here: check that it is the right one.");
}
