using System.Collections.Immutable;
using System.Net;
using System.Text;

namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>A collector: takes OTLP over HTTP with protobuf, keeps all of it, and tells who waits for something in it.</summary>
internal sealed class OtlpReceiver : IDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Lock _lock = new();
    private readonly List<(Func<OtlpReceiver, bool> Condition, TaskCompletionSource Met)> _waiting = [];

    public OtlpReceiver()
    {
        Endpoint = new Uri($"http://127.0.0.1:{Ports.Take()}");
        _listener.Prefixes.Add($"{Endpoint}");
        _listener.Start();
        _ = Serve();
    }

    public Uri Endpoint { get; }

    public ImmutableList<ReceivedSpan> Spans { get; private set; } = [];

    public ImmutableHashSet<(string Service, string Name)> Metrics { get; private set; } = [];

    public ImmutableList<(string Service, string Text)> Logs { get; private set; } = [];

    /// <summary>All that was sent, byte by byte as letters.</summary>
    public ImmutableList<string> Bodies { get; private set; } = [];

    public int Requests { get; private set; }

    /// <summary>Completes when <paramref name="condition"/> holds.</summary>
    public Task WaitFor(Func<OtlpReceiver, bool> condition, CancellationToken cancellation)
    {
        lock (_lock)
        {
            if (condition(this))
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, met));
            return met.Task.WaitAsync(cancellation);
        }
    }

    public void Dispose() => _listener.Close();

    private async Task Serve()
    {
        while (true)
        {
            try
            {
                var context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                Take(context.Request.Url!.AbsolutePath, body.ToArray());
                context.Response.Close();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException or IOException)
            {
                if (!_listener.IsListening)
                {
                    return;
                }
            }
        }
    }

    private void Take(string path, byte[] body)
    {
        var request = new WireMessage(body);
        lock (_lock)
        {
            Requests++;
            Bodies = Bodies.Add(Encoding.Latin1.GetString(body));
            Spans = path == "/v1/traces" ? Spans.AddRange(OtlpReader.ReadSpans(request)) : Spans;
            Metrics = path == "/v1/metrics" ? Metrics.Union(OtlpReader.ReadMetrics(request)) : Metrics;
            Logs = path == "/v1/logs" ? Logs.AddRange(OtlpReader.ReadLogs(request)) : Logs;
            foreach (var (_, met) in _waiting.Where(waiting => waiting.Condition(this)))
            {
                met.TrySetResult();
            }
        }
    }
}
