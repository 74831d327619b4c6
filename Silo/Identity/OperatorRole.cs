using System.Text.Json.Serialization;

namespace OrleansEdge.Silo.Identity;

/// <summary>What an operator may do; each role may do what those before it may.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OperatorRole>))]
public enum OperatorRole
{
    /// <summary>See jobs, models and devices, and download models.</summary>
    Viewer = 0,

    /// <summary>Submit and steer jobs, publish and promote models.</summary>
    Operator = 1,

    /// <summary>Say who may do what, and read the audit log.</summary>
    Admin = 2,
}

/// <summary>Roles as people write them.</summary>
internal static class OperatorRoles
{
    /// <summary>All of them, the least first.</summary>
    public static IReadOnlyList<string> Names { get; } = ["viewer", "operator", "admin"];

    /// <summary>The role of a name; null if it is none.</summary>
    public static OperatorRole? Find(string? name) => name switch
    {
        "viewer" => OperatorRole.Viewer,
        "operator" => OperatorRole.Operator,
        "admin" => OperatorRole.Admin,
        _ => null,
    };

    /// <summary>The name of a role.</summary>
    public static string Name(this OperatorRole role) => Names[(int)role];
}
