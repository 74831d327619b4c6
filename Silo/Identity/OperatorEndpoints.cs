using System.Collections.Immutable;
using System.Text.Json.Serialization;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Identity;

/// <summary>An operator, as others see it.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">What that one may do.</param>
/// <param name="AddedAt">Since when.</param>
internal sealed record OperatorEntry(string Name, string Role, DateTimeOffset AddedAt);

/// <summary>A new operator.</summary>
/// <param name="Name">Who.</param>
/// <param name="Role">What that one may do.</param>
/// <param name="Token">Its token, which nobody can be told again.</param>
internal sealed record OperatorAdded(string Name, string Role, [property: JsonPropertyName("token")] string Token)
{
    /// <summary>Without the token.</summary>
    public override string ToString() => $"operator '{Name}' ({Role})";
}

/// <summary><c>/api/operators</c>: for admins.</summary>
internal static class OperatorEndpoints
{
    public static void Map(RouteGroupBuilder operators)
    {
        operators.MapGet("", async (OperatorStore store, CancellationToken cancellation) => OperatorApi.Answer(
            (await store.List(cancellation)).Select(record => new OperatorEntry(record.Name, record.Role!.Value.Name(), record.AddedAt)).ToImmutableArray()));
        operators.MapPost("/{name}", Add);
        operators.MapPost("/{name}/revoke", Revoke);
        operators.MapDelete("/{name}", Remove);
    }

    private static async Task<IResult> Add(string name, string role, OperatorStore store, TimeProvider time, CancellationToken cancellation)
    {
        var named = NameOf(name);
        var granted = OperatorRoles.Find(role) ?? throw ApiException.BadRequest($"'{role}' is no role: take viewer, operator or admin.");
        if (named == LocalOperator.Name)
        {
            throw ApiException.Conflict($"'{named}' is whoever runs commands as the silo's own user: take another name.");
        }

        var (token, hash) = OperatorToken.Create(named);
        return await store.Add(new(named.Value, granted, hash, time.GetUtcNow()), cancellation)
            ? OperatorApi.Answer(new OperatorAdded(named.Value, granted.Name(), token), StatusCodes.Status201Created)
            : throw ApiException.Conflict($"There is an operator '{named}' already: 'operators remove {named}' comes first.");
    }

    private static async Task<IResult> Revoke(string name, OperatorStore store, CancellationToken cancellation)
    {
        var named = NameOf(name);
        return await store.Revoke(named, named == OperatorAuthentication.FirstAdmin, cancellation)
            ? TypedResults.NoContent()
            : throw ApiException.NotFound($"There is no operator '{named}': 'operators list' shows who there is.");
    }

    private static async Task<IResult> Remove(string name, OperatorStore store, CancellationToken cancellation)
    {
        var named = NameOf(name);
        return await store.Remove(named, cancellation)
            ? TypedResults.NoContent()
            : throw ApiException.NotFound($"There is no operator '{named}': 'operators list' shows who there is.");
    }

    private static OperatorName NameOf(string text)
    {
        try
        {
            return OperatorName.Parse(text);
        }
        catch (FormatException exception)
        {
            throw ApiException.BadRequest(exception.Message);
        }
    }
}
