using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Silo.Web;

/// <summary><c>/api/content</c>: where files are put that a job file names.</summary>
internal static class ContentEndpoints
{
    /// <summary>The largest file, in bytes: 1 GiB.</summary>
    internal const long MaximumLength = 1L << 30;

    public static void Map(RouteGroupBuilder content) => content.MapPut("", Put);

    private static async Task<IResult> Put(HttpContext context, ContentStore content, CancellationToken cancellation)
    {
        var hash = await content.Put(
            async (writer, stop) => await RequestBody.Copy(context, "file", MaximumLength, writer.Append, stop), cancellation);
        return hash != ContentHash.Of([])
            ? OperatorApi.Answer(new ContentAnswer(hash))
            : throw ApiException.BadRequest("The file is empty: check its name.");
    }
}
