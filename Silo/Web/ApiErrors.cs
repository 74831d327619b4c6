using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Models.Safetensors;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Silo.Web;

/// <summary>The one place where what went wrong becomes an answer: a status and one sentence, never a stack trace.</summary>
internal sealed partial class ApiErrors(RequestDelegate next, ILogger<ApiErrors> logger)
{
    // .NET gives an IOException the number of the system's error: 28 is ENOSPC.
    private const int DiskFull = 28;

    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentLength is null && Unanswered(context) is { } sentence)
            {
                await Write(context, context.Response.StatusCode, sentence);
            }
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // Whoever asked is gone.
        }
        catch (Exception exception)
        {
            var (status, sentence) = Explain(exception, context);
            if (status >= StatusCodes.Status500InternalServerError)
            {
                LogFailed(exception, context.Request.Method, context.Request.Path, context.TraceIdentifier);
            }

            if (context.Response.HasStarted)
            {
                // The answer is half sent: cutting the connection is the only way to say that it is not whole.
                context.Abort();
                return;
            }

            context.Response.Clear();
            await Write(context, status, sentence);
        }
    }

    /// <summary>The status and the sentence for <paramref name="exception"/>.</summary>
    internal static (int Status, string Sentence) Explain(Exception exception, HttpContext context) => exception switch
    {
        ApiException known => (known.Status, Sentence.Of(known.Message)),
        VersionPrunedException => (StatusCodes.Status410Gone, Sentence.Of(exception.Message)),
        JobFileException file => (StatusCodes.Status400BadRequest, file.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } =>
            (StatusCodes.Status413PayloadTooLarge, "The body of the request is too large for this address."),
        BadHttpRequestException bad => (bad.StatusCode, "The request is not whole: send it again."),
        ModelManifestException or SafetensorsException or BlobStoreException => (StatusCodes.Status500InternalServerError, Sentence.Of(exception.Message)),
        TimeoutException => (StatusCodes.Status504GatewayTimeout, "The site is busy and has not answered in time: ask again in a moment."),
        OrleansMessageRejectionException or SiloUnavailableException or GatewayTooBusyException or ObjectDisposedException
            or OperationCanceledException =>
            (StatusCodes.Status503ServiceUnavailable, "The site is starting or stopping: ask again in a moment."),
        IOException { HResult: DiskFull } =>
            (StatusCodes.Status507InsufficientStorage, $"The disk of the site's temporary folder '{Path.GetTempPath()}' is full: make room there."),
        _ when StorageTrouble.Find(exception) is { } trouble => (StatusCodes.Status500InternalServerError, Sentence.Of(trouble)),
        _ => (StatusCodes.Status500InternalServerError,
            $"The site could not do this because of a fault of its own: its log says more under the reference {context.TraceIdentifier}."),
    };
    /// <summary>The sentence for what the framework refused without one.</summary>
    private static string? Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => $"A value in the address {context.Request.Path}{context.Request.QueryString} cannot be read: check the numbers in it.",
        StatusCodes.Status404NotFound => $"There is nothing at {context.Request.Path}: the program that asks may be of another release.",
        StatusCodes.Status405MethodNotAllowed => $"{context.Request.Path} does not take {context.Request.Method}: the program that asks may be of another release.",
        _ => null,
    };

    private static Task Write(HttpContext context, int status, string sentence)
    {
        context.Response.StatusCode = status;
        return context.Response.WriteAsJsonAsync(new ErrorAnswer(sentence), SiteJson.Options, context.RequestAborted);
    }

    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed; reference {Reference}")]
    private partial void LogFailed(Exception exception, string method, string path, string reference);
}
