namespace OrleansEdge.Contracts.Sites;

/// <summary>What a silo's process tells by its exit code to whoever watches over it.</summary>
public static class SiloExitCodes
{
    /// <summary>It must be started again, and nothing else is to be done: <c>EX_TEMPFAIL</c> of <c>sysexits.h</c>.</summary>
    public const int StartAgain = 75;
}
