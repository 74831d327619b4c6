namespace OrleansEdge.Contracts.Identity;

/// <summary>Who may call a method of a grain.</summary>
[Flags]
public enum Callers
{
    /// <summary>Nobody.</summary>
    None = 0,

    /// <summary>A participant that proved who it is; see <see cref="ActingFor"/> for whom it may speak.</summary>
    Participant = 1,

    /// <summary>An operator, whatever the role.</summary>
    Operator = 2,

    /// <summary>The site itself: its grains, and its HTTP endpoints after they have looked at the caller.</summary>
    Site = 4,
}

/// <summary>For whom a participant may call.</summary>
public enum ActingFor
{
    /// <summary>It does not matter: the method concerns no participant.</summary>
    Anyone = 0,

    /// <summary>For itself: the grain's key is its id.</summary>
    Key = 1,

    /// <summary>
    /// For itself: the first argument is its id, or <see cref="INamesParticipant"/> that id. Whether it has a part in the round, which is the
    /// grain's key, the grain itself knows: it takes nothing from those that were not asked.
    /// </summary>
    FirstArgument = 2,
}

/// <summary>
/// Declares who may call a method. What is not declared may be called by nobody. On an interface it holds for all of its methods, and only the
/// site can be given that.
/// </summary>
/// <param name="callers">Who.</param>
[AttributeUsage(AttributeTargets.Method | AttributeTargets.Interface, Inherited = false)]
public sealed class CallableByAttribute(Callers callers) : Attribute
{
    /// <summary>Who.</summary>
    public Callers Callers => callers;

    /// <summary>For whom a participant may call.</summary>
    public ActingFor ActingFor { get; init; }
}
