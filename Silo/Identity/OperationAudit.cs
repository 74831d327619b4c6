using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Identity;

namespace OrleansEdge.Silo.Identity;

/// <summary>
/// Puts on record what operators do: before it is done, so that nothing is done that is not on record, and how it ended. What only shows
/// something is not recorded, but for a download of weights.
/// </summary>
internal sealed class OperationAudit(RequestDelegate next, IAuditLog audit)
{
    /// <summary>The end of the address from which weights are downloaded.</summary>
    private const string Weights = "/weights";

    private const int LongestDetail = 500;

    public async Task InvokeAsync(HttpContext context)
    {
        var name = OperatorAccess.NameOf(context.User);
        if (name is null)
        {
            await next(context);
            return;
        }

        // Calls that the request makes to grains are made on this one's behalf.
        Caller.Current = new(Callers.Operator, name, null, DateTimeOffset.MaxValue);
        if (HttpMethods.IsGet(context.Request.Method) && context.Request.Path.Value?.EndsWith(Weights, StringComparison.Ordinal) != true)
        {
            await next(context);
            return;
        }

        await Record(context, name);
    }

    /// <summary>A message may repeat what was sent, and have several lines.</summary>
    private static string Shorten(string message) => PrintableText.Clean(message.ReplaceLineEndings(" "), LongestDetail);

    private async Task Record(HttpContext context, string name)
    {
        var entry = new AuditEntry(
            name, PrintableText.Clean($"{context.Request.Method} {context.Request.Path}", LongestDetail), AuditOutcome.Begun, From: OperatorRefusals.AddressOf(context));
        await audit.Record(entry);
        try
        {
            await next(context);
        }
        catch (Exception exception)
        {
            await audit.Record(entry with { Outcome = AuditOutcome.Failed, Detail = Shorten(exception.Message) });
            throw;
        }

        var status = context.Response.StatusCode;
        await audit.Record(entry with
        {
            Outcome = status < StatusCodes.Status400BadRequest ? AuditOutcome.Done : AuditOutcome.Failed,
            Detail = status < StatusCodes.Status400BadRequest ? null : $"answered {status.ToString(CultureInfo.InvariantCulture)}",
        });
    }
}
