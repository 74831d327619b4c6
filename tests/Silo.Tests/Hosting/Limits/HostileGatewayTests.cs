using System.Buffers.Binary;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;
using Orleans.Serialization.WireProtocol;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Participants;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Sites;

namespace OrleansEdge.Silo.Tests.Hosting.Limits;

/// <summary>Hostile traffic over real sockets against a real gateway: it is refused and forgotten, and an honest device goes on.</summary>
public sealed class HostileGatewayTests(GuardedSiteFixture fixture) : IClassFixture<GuardedSiteFixture>
{
    private readonly GuardedSite _site = fixture.Site;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Random_bytes_are_no_client()
    {
        var site = _site;
        var random = new Random(1);
        for (var count = 0; count < 200; count++)
        {
            using var client = await site.Open();
            var bytes = new byte[random.Next(1, 4096)];
            random.NextBytes(bytes);
            await Send(client, bytes, isAll: true);
            await RequireClosed(client);
        }

        await site.RequireHonestServed();
        await RequireForgotten(site);
    }

    [Fact]
    public async Task A_connection_that_sends_nothing_is_closed()
    {
        var site = _site;
        var before = site.Refusals.Count;
        var silent = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => site.Open()));
        foreach (var client in silent)
        {
            await RequireClosed(client);
            client.Dispose();
        }

        Assert.InRange(site.Refusals.Count - before, 50, long.MaxValue);
        await site.RequireHonestServed();
        await RequireForgotten(site);
    }

    [Fact]
    public async Task A_message_that_does_not_end_is_closed()
    {
        var site = _site;
        var before = site.Refusals.Count;
        var sent = await Record(site);
        using var client = await Introduce(site, sent);
        var message = Recording.MessagesOf(sent)[0];
        await Send(client, message[..^1]);
        await RequireClosed(client);
        Assert.InRange(site.Refusals.Count - before, 1, long.MaxValue);
        await site.RequireHonestServed();
    }

    [Theory]
    [InlineData(int.MaxValue, 10)]
    [InlineData(10, int.MaxValue)]
    [InlineData(1 << 20, 10)]
    [InlineData(-5, -5)]
    public async Task A_message_of_an_impossible_length_is_closed_and_counted(int header, int body)
    {
        var site = _site;
        var before = site.Refusals.Count;
        var sent = await Record(site);
        using var client = await Introduce(site, sent);
        var lengths = new byte[8];
        BinaryPrimitives.WriteInt32LittleEndian(lengths, header);
        BinaryPrimitives.WriteInt32LittleEndian(lengths.AsSpan(4), body);
        await Send(client, [.. lengths, .. new byte[1000]]);
        await RequireClosed(client);
        Assert.InRange(site.Refusals.Count - before, 1, long.MaxValue);
        await site.RequireHonestServed();
    }

    [Fact]
    public async Task A_message_that_nests_deeper_than_a_stack_is_closed_and_the_silo_lives()
    {
        var site = _site;
        var before = site.Refusals.Count;
        var sent = await Record(site);
        var message = Recording.MessagesOf(sent)[^1];
        var header = BinaryPrimitives.ReadInt32LittleEndian(message);
        var nested = new byte[1 << 20];
        Array.Fill(nested, (byte)WireType.TagDelimited);
        byte[] deep = [.. message[..(8 + header)], .. nested];
        BinaryPrimitives.WriteInt32LittleEndian(deep.AsSpan(4), nested.Length);
        for (var count = 0; count < 5; count++)
        {
            using var client = await Introduce(site, sent);
            await Send(client, deep);
            await RequireClosed(client);
        }

        Assert.InRange(site.Refusals.Count - before, 5, long.MaxValue);
        await site.RequireHonestServed();
    }

    [Fact]
    public async Task Damaged_messages_harm_nobody_else()
    {
        var site = _site;
        var sent = await Record(site);
        var messages = Recording.MessagesOf(sent);
        var random = new Random(2);
        for (var count = 0; count < 200; count++)
        {
            using var client = await Introduce(site, sent);
            var damaged = messages[random.Next(messages.Count)].ToArray();
            for (var change = random.Next(1, 8); change > 0; change--)
            {
                // The lengths in front stay: what comes after them is to be read.
                damaged[random.Next(8, damaged.Length)] = (byte)random.Next(256);
            }

            await Send(client, damaged);
        }

        await site.RequireHonestServed();
        await RequireForgotten(site);
    }

    [Fact]
    public async Task Replayed_traffic_changes_nothing()
    {
        var site = _site;
        var sent = await Record(site);
        for (var count = 0; count < 20; count++)
        {
            using var client = await site.Open();
            await Send(client, sent);
        }

        await site.RequireHonestServed();
        await RequireForgotten(site);
    }

    [Fact]
    public async Task Orleans_own_sender_of_an_oversize_message_harms_nobody_else()
    {
        var site = _site;
        var before = site.Refusals.Count;
        using var hostile = await site.Connect(64 << 20);
        var shard = hostile.Services.GetRequiredService<IClusterClient>().GetGrain<IShardGrain>("a:1:0");
        var huge = new Chunk(new byte[MessageLimits.MaximumBodySize + 1]);
        var calls = Enumerable.Range(0, 3).Select(_ => shard.Append(new(ParticipantId.Parse("a"), 4, default), 0, huge).AsTask()).ToList();

        await site.RequireHonestServed(100);
        foreach (var call in calls)
        {
            await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(Patience, Cancellation));
        }

        Assert.True(site.Refusals.Count > before, "the message was not refused");
        await site.RequireHonestServed();
        await hostile.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Thousands_of_tiny_chunks_and_chunks_of_nobody_take_no_memory()
    {
        var site = _site;
        using var hostile = await site.Connect();
        var shard = hostile.Services.GetRequiredService<IClusterClient>().GetGrain<IShardGrain>("flood:1:0");
        var header = new UploadHeader(ParticipantId.Parse("a"), 4 << 20, default);
        for (var round = 0; round < 20; round++)
        {
            var replies = await Task.WhenAll(Enumerable.Range(0, 250).Select(index =>
                shard.Append(header, (round * 250) + index, new Chunk(new byte[1])).AsTask()));
            Assert.All(replies, reply => Assert.Equal(UploadStanding.Refused, reply.Standing));
        }

        Assert.Equal(UploadStanding.RoundOver, (await shard.Append(header, 0, new Chunk(new byte[Chunk.PreferredLength]))).Standing);
        Assert.Equal(UploadStanding.Refused, (await shard.Begin(header with { Length = int.MaxValue })).Standing);
        Assert.Equal((0, 0, 0), (site.Staging.MemoryUsed, site.Staging.Spilled, site.Permits.Count));
        await site.RequireHonestServed();
        await hostile.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Names_that_lead_elsewhere_reach_no_grain_and_no_file()
    {
        var site = _site;
        foreach (var name in new[] { "../../etc/passwd", "a/../../b", "/etc", "a b", "A", new string('a', 10_000), "a\0b", "..", "" })
        {
            await Assert.ThrowsAnyAsync<Exception>(() => site.Honest.GetGrain<IParticipantGrain>(name).Register(new(
                new string('a', 64), Guid.NewGuid(), SiteDescription.CurrentContractVersion, new(1, 1, "test", 1, 1), [])));
            await Assert.ThrowsAnyAsync<Exception>(() => site.Honest.GetGrain<IContentGrain>(name).GetLength(Cancellation).AsTask());
        }

        await site.RequireHonestServed();
    }

    [Fact]
    public async Task More_connections_than_allowed_are_closed_and_those_that_are_served_go_on()
    {
        await using var site = await GuardedSite.Start(options => options.ConnectionsPerAddress = 20);
        var clients = new List<Socket>();
        for (var count = 0; count < 100; count++)
        {
            try
            {
                clients.Add(await site.Open());
            }
            catch (SocketException)
            {
                // Closed before it was open on this side.
            }
        }

        await site.RequireHonestServed();
        foreach (var client in clients)
        {
            await RequireClosed(client);
            client.Dispose();
        }

        Assert.InRange(site.Refusals.Count, 81, 100);
        await RequireForgotten(site);
        await site.RequireHonestServed();
    }

    [Fact]
    public async Task More_connections_than_allowed_at_the_port_for_silos_are_closed_and_participants_do_not_notice()
    {
        await using var site = await GuardedSite.Start(options => options.ConnectionsPerAddress = 5);
        var clients = new List<Socket>();
        for (var count = 0; count < 6; count++)
        {
            clients.Add(await site.Open(site.SiloPort));
        }

        await RequireClosed(clients[^1]);
        Assert.Equal(1, site.Refusals.Count);
        await site.RequireHonestServed();
        clients.ForEach(client => client.Dispose());
    }

    [Fact]
    public async Task More_calls_at_once_than_allowed_are_refused_with_a_sentence()
    {
        await using var site = await GuardedSite.Start(options => options.CallsInFlight = 10);
        using var hostile = await site.Connect();
        var process = Guid.NewGuid();
        var device = hostile.Services.GetRequiredService<IClusterClient>().GetGrain<IParticipantGrain>("hostile");
        await device.Register(new(new string('b', 64), process, SiteDescription.CurrentContractVersion, new(1, 1, "test", 1, 1), []));

        // Heartbeats that are held back until there is something to do.
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var calls = Enumerable.Range(0, 30).Select(_ => device.Sync(new(process, new(null, 0), [], [], Wait: true), end.Token).AsTask()).ToList();
        var refused = await Task.WhenAny(calls).WaitAsync(Patience, Cancellation);
        Assert.Contains("more than 10 calls at once", (await Assert.ThrowsAsync<OrleansException>(() => refused)).Message, StringComparison.Ordinal);
        await site.RequireHonestServed();
        Assert.Equal(1, site.Refusals.Remembered);
        await Task.WhenAll(calls).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Patience, Cancellation);
        Assert.Equal(0, site.Calls.Clients);
        await hostile.StopAsync(Cancellation);
    }

    private static async Task<byte[]> Record(GuardedSite site)
    {
        var recording = new Recording();
        using var client = await site.Connect(recording: recording);
        var grains = client.Services.GetRequiredService<IClusterClient>();
        await grains.GetGrain<IShardGrain>("recorded:1:0").Begin(new(ParticipantId.Parse("recorded"), 4, default));
        await Assert.ThrowsAnyAsync<Exception>(() => grains.GetGrain<IContentGrain>(ContentHash.Of([]).Hex).Read(0, 10, Cancellation).AsTask());
        var sent = recording.Sent;
        await client.StopAsync(Cancellation);
        return sent;
    }

    private static async Task<Socket> Introduce(GuardedSite site, byte[] recorded)
    {
        var client = await site.Open();
        await Send(client, Recording.IntroductionOf(recorded));
        var answer = new byte[4];
        Assert.Equal(answer.Length, await client.ReceiveAsync(answer, Cancellation));
        return client;
    }

    private static async Task Send(Socket client, byte[] bytes, bool isAll = false)
    {
        try
        {
            for (var left = bytes.AsMemory(); !left.IsEmpty;)
            {
                left = left[await client.SendAsync(left, Cancellation)..];
            }

            if (isAll)
            {
                client.Shutdown(SocketShutdown.Send);
            }
        }
        catch (SocketException)
        {
            // The site has closed the connection already.
        }
    }

    private static async Task RequireClosed(Socket client)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        limit.CancelAfter(Patience);
        var buffer = new byte[1 << 12];
        try
        {
            while (await client.ReceiveAsync(buffer, limit.Token) > 0)
            {
                // Whatever the site still says.
            }
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    /// <summary>Only the honest device's connections are left.</summary>
    private static async Task RequireForgotten(GuardedSite site)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (site.Connections.Connections > 1)
        {
            Assert.False(limit.IsCancellationRequested, $"{site.Connections.Connections} connections are still there");
            await Task.Delay(TimeSpan.FromMilliseconds(20), Cancellation);
        }
    }
}
