namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>A span as a collector sees it.</summary>
internal sealed record ReceivedSpan(
    string Trace, string Id, string Parent, string Name, ulong StartedAt, ulong EndedAt,
    Dictionary<string, string> Tags, Dictionary<string, string> Resource)
{
    public string Service => Resource["service.name"];

    public string Run => Resource.GetValueOrDefault("test.run", "");

    public bool IsOfProduct { get; init; }

    public int Round => int.Parse(Tags["orleansedge.round"], System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Reads the three requests of OTLP 1; the numbers are those of its .proto files.</summary>
internal static class OtlpReader
{
    public static IEnumerable<ReceivedSpan> ReadSpans(WireMessage request) =>
        from resource in request.Messages(1)
        let attributes = ResourceOf(resource)
        from scope in resource.Messages(2)
        from span in scope.Messages(2)
        select new ReceivedSpan(
            span.Hex(1), span.Hex(2), span.Hex(4), span.Text(5), span.Number(7), span.Number(8), span.Attributes(9), attributes)
        {
            IsOfProduct = scope.Messages(1).First().Text(1) == "OrleansEdge",
        };

    /// <summary>Service and name of each metric.</summary>
    public static IEnumerable<(string Service, string Name)> ReadMetrics(WireMessage request) =>
        from resource in request.Messages(1)
        let service = ResourceOf(resource)["service.name"]
        from scope in resource.Messages(2)
        from metric in scope.Messages(2)
        select (service, metric.Text(1));

    /// <summary>Service and text of each line of the log.</summary>
    public static IEnumerable<(string Service, string Text)> ReadLogs(WireMessage request) =>
        from resource in request.Messages(1)
        let service = ResourceOf(resource)["service.name"]
        from scope in resource.Messages(2)
        from line in scope.Messages(2)
        select (service, line.Messages(5).First().Text(1));

    private static Dictionary<string, string> ResourceOf(WireMessage resource) => resource.Messages(1).First().Attributes(1);
}
