namespace OrleansEdge.Grains.Identity;

/// <summary>Where calls come from, by the connections that they came on and not by what callers say.</summary>
public interface ICallOrigins
{
    /// <summary>From where a call was made: an address, or what is known instead; null for the site itself.</summary>
    /// <param name="sender">Who has sent it, by Orleans.</param>
    string? Find(GrainId sender);
}

/// <summary>Connections are not followed.</summary>
internal sealed class NoCallOrigins : ICallOrigins
{
    /// <inheritdoc/>
    public string? Find(GrainId sender) => null;
}
