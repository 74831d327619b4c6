using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Grains.Surveys;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.Silo.Uplink;

/// <summary>The parent, as a site speaks to it that does what it is told. Whatever breaks on the way is tried again.</summary>
internal interface IParent
{
    /// <summary>Its name.</summary>
    SiteName Name { get; }

    /// <summary>Brings what an instruction names into the site's own store.</summary>
    Task Fetch(Instruction instruction, CancellationToken cancellation);

    /// <summary>Brings an update to its round.</summary>
    /// <returns>The last word: committed, refused, or that the round is over.</returns>
    Task<CommitReply> Send(IOutgoingUpdate update, CancellationToken cancellation);

    /// <summary>Says that the site cannot do what it was told, and why.</summary>
    Task Refuse(InstructionId instruction, string sentence, CancellationToken cancellation);

    /// <summary>Says that the site will not contribute to a round however often it is asked, and why.</summary>
    Task Withdraw(RoundKey round, string sentence, CancellationToken cancellation);

    /// <summary>Answers a survey.</summary>
    Task Answer(SurveyAnswer answer, CancellationToken cancellation);
}

/// <summary>The parent at the other end of a connection.</summary>
/// <param name="site">The site, as the parent knows it.</param>
/// <param name="connection">The connection.</param>
/// <param name="retry">How the parent is asked again.</param>
/// <param name="inbound">Brings content from it.</param>
internal sealed class ConnectedParent(ParticipantId site, SiteConnection connection, RetryPolicy retry, ParentContent inbound) : IParent
{
    private readonly UpdateSender _sender = new(site, connection, retry, FaultSwitch.Disarmed);

    /// <inheritdoc/>
    public SiteName Name => SiteName.Parse(connection.Site.Name);

    /// <inheritdoc/>
    public Task Fetch(Instruction instruction, CancellationToken cancellation) => inbound.Fetch(instruction, cancellation);

    /// <inheritdoc/>
    public Task<CommitReply> Send(IOutgoingUpdate update, CancellationToken cancellation) => _sender.Send(update, cancellation);

    /// <inheritdoc/>
    public Task Refuse(InstructionId instruction, string sentence, CancellationToken cancellation) =>
        instruction.Kind is InstructionKind.Describe or InstructionKind.Evaluate
            ? Answer(new SurveyAnswer(site, instruction, null, null, sentence), cancellation)
            : retry.Repeat(() => connection.Grains.GetGrain<IRoundGrain>(instruction.Round.ToString()).Decline(site, sentence), cancellation);

    /// <inheritdoc/>
    public Task Withdraw(RoundKey round, string sentence, CancellationToken cancellation) =>
        retry.Repeat(() => connection.Grains.GetGrain<IRoundGrain>(round.ToString()).Withdraw(site, sentence), cancellation);

    /// <inheritdoc/>
    public Task Answer(SurveyAnswer answer, CancellationToken cancellation) =>
        retry.Repeat(() => connection.Grains.GetGrain<ISurveyGrain>(SurveyKey.Of(answer.Instruction)).Answer(answer), cancellation);
}
