namespace OrleansEdge.Silo.Hosting.Limits;

/// <summary>The limits of each of a silo's ports. They count apart: who fills one of them keeps nobody from the others.</summary>
internal sealed class PortLimits(GatewayLimitOptions options, Refusals refusals, TimeProvider time)
{
    /// <summary>Of the port for participants.</summary>
    public ConnectionLimits Gateway { get; } = new("gateway", options, refusals, time);

    /// <summary>Of the port for other silos. A silo opens one connection to each of the others: the limits have room for hundreds on one machine.</summary>
    public ConnectionLimits Silos { get; } = new("port for silos", options, refusals, time);

    /// <summary>Of the HTTP port.</summary>
    public ConnectionLimits Http { get; } = new("HTTP port", options, refusals, time);

    /// <summary>Forgets addresses that have no connection and have been away.</summary>
    public void Forget()
    {
        Gateway.Forget();
        Silos.Forget();
        Http.Forget();
    }
}
