using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrleansEdge.EdgeAgent.Participation.Roaming;
using OrleansEdge.Participation;

namespace OrleansEdge.EdgeAgent.Tests.Participation.Roaming;

public sealed class SiteRoamingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly KnownSite Harbour = new([new("http://harbour")], null, "");
    private static readonly KnownSite Quarry = new([new("http://quarry")], null, "");
    private static readonly KnownSite Orchard = new([new("http://orchard")], null, "");

    private readonly FakeTimeProvider _time = new();
    private readonly FakeVisits _visits = new();

    [Fact]
    public async Task A_device_whose_site_is_gone_moves_to_the_first_other_that_answers()
    {
        await Run([Harbour, Quarry, Orchard], async () =>
        {
            Assert.Equal(Harbour, await _visits.Next());
            _visits.Answering.Add(Orchard);
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Orchard, await _visits.Next());
        });
    }

    [Fact]
    public async Task A_device_stays_where_it_is_answered_and_where_nobody_else_answers()
    {
        await Run([Harbour, Quarry], async () =>
        {
            await _visits.Next();
            Pass(3 * Patience);
            _visits.Stay!.Reached(answers: true);
            _visits.Answering.Add(Quarry);
            Pass(3 * Patience);
            _visits.Stay.Reached(answers: false);
            Pass(Patience / 2);
            _visits.Stay.Reached(answers: true);
            Pass(3 * Patience);
            Assert.Equal(0, _visits.Waiting);
        });
    }

    [Fact]
    public async Task A_device_goes_back_to_the_site_that_it_prefers_between_two_instructions()
    {
        await Run([Harbour, Quarry], async () =>
        {
            await _visits.Next();
            _visits.Answering.Add(Quarry);
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, await _visits.Next());
            _visits.Stay!.Reached(answers: true);
            await _visits.Stay.BetweenInstructions();

            _visits.Answering.Add(Harbour);
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(0, _visits.Waiting);

            await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await _visits.Stay.BetweenInstructions());
            Assert.Equal(Harbour, await _visits.Next());
        });
    }

    [Fact]
    public async Task A_site_that_refuses_the_device_is_left_alone_afterwards()
    {
        await Run([Harbour, Quarry, Orchard], async () =>
        {
            await _visits.Next();
            _visits.Answering.UnionWith([Quarry, Orchard]);
            _visits.Refusing = Quarry;
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, await _visits.Next());
            Assert.Equal(Harbour, await _visits.Next());
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Orchard, await _visits.Next());
        });
    }

    [Fact]
    public async Task A_device_that_cannot_use_its_files_for_another_site_goes_back_to_the_first_and_may_come_again()
    {
        await Run([Harbour, Quarry], async () =>
        {
            await _visits.Next();
            _visits.Answering.Add(Quarry);
            _visits.Damaged = Quarry;
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, await _visits.Next());
            Assert.Equal(Harbour, await _visits.Next());
            _visits.Damaged = null;
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, await _visits.Next());
        });
    }

    [Fact]
    public async Task A_site_where_the_device_cannot_take_part_comes_after_those_that_were_not_tried()
    {
        await Run([Harbour, Quarry, Orchard], async () =>
        {
            await _visits.Next();
            _visits.Answering.UnionWith([Quarry, Orchard]);
            _visits.Damaged = Quarry;
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, await _visits.Next());
            Assert.Equal(Harbour, await _visits.Next());
            Pass(Patience + TimeSpan.FromSeconds(10));
            Assert.Equal(Orchard, await _visits.Next());
            _visits.Stay!.Reached(answers: true);
            Pass(2 * Patience);
            Assert.Equal(0, _visits.Waiting);
            Assert.False(_visits.Stay.Paused.IsCompleted);
        });
    }

    [Fact]
    public async Task What_is_the_matter_with_the_files_for_the_first_site_ends_it()
    {
        _visits.Damaged = Harbour;
        var ended = await Assert.ThrowsAsync<IOException>(() =>
            new SiteRoaming([Harbour, Quarry], _visits, Patience, _time, NullLogger.Instance).Run(TestContext.Current.CancellationToken));
        Assert.Equal("the file is damaged.", ended.Message);
    }

    [Fact]
    public async Task The_refusal_of_the_first_site_ends_it()
    {
        _visits.Refusing = Harbour;
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() =>
            new SiteRoaming([Harbour, Quarry], _visits, Patience, _time, NullLogger.Instance).Run(TestContext.Current.CancellationToken));
        Assert.Equal("go away.", refused.Message);
    }

    [Fact]
    public async Task Others_are_made_ready_for_while_the_device_is_at_the_first()
    {
        await Run([Harbour, Quarry], async () =>
        {
            await _visits.Next();
            Pass(TimeSpan.FromSeconds(10));
            Assert.Equal(Quarry, Assert.Single(_visits.Prepared));
        });
    }

    private async Task Run(KnownSite[] sites, Func<Task> story)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await Task.Run(
            async () =>
            {
                var running = new SiteRoaming(sites, _visits, Patience, _time, NullLogger.Instance).Run(stop.Token);
                await story();
                await stop.CancelAsync();
                await running;
            },
            stop.Token);
    }

    /// <summary>Second by second. What is due at a second happens in it: outside of the tests' own context all that waits for the clock goes on at once.</summary>
    private void Pass(TimeSpan time)
    {
        for (var second = 0; second < time.TotalSeconds; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    private sealed class FakeVisits : ISiteVisits
    {
        private readonly Channel<KnownSite> _arrivals = Channel.CreateUnbounded<KnownSite>();

        public HashSet<KnownSite> Answering { get; } = [];

        public HashSet<KnownSite> Prepared { get; } = [];

        public KnownSite? Refusing { get; set; }

        public KnownSite? Damaged { get; set; }

        public SiteStay? Stay { get; private set; }

        public int Waiting => _arrivals.Reader.Count;

        public ValueTask<KnownSite> Next() => _arrivals.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public async Task TakePart(KnownSite site, SiteStay? stay, CancellationToken cancellation)
        {
            Stay = stay;
            _arrivals.Writer.TryWrite(site);
            if (site == Refusing)
            {
                throw new ParticipantRefusedException("go away.");
            }

            if (site == Damaged)
            {
                throw new IOException("the file is damaged.");
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        }

        public Task<bool> Prepare(KnownSite site, CancellationToken cancellation)
        {
            Prepared.Add(site);
            return Task.FromResult(true);
        }

        public Task<bool> Answers(KnownSite site, CancellationToken cancellation) => Task.FromResult(Answering.Contains(site));
    }
}
