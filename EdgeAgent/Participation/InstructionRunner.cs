using System.Diagnostics;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Faults;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;
using OrleansEdge.Contracts.Rounds;
using OrleansEdge.Contracts.Telemetry;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Telemetry;
using OrleansEdge.EdgeAgent.Training;
using OrleansEdge.Participation;
using OrleansEdge.Participation.Connection;
using OrleansEdge.Participation.Security;
using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Participation;

/// <summary>Carries out one instruction. What cannot be done is said to the site in a sentence; what fails on the way is tried again.</summary>
internal sealed class InstructionRunner(
    ParticipantId participant,
    SiteConnection connection,
    RetryPolicy retry,
    VersionReader versions,
    TorchScriptCache torchScripts,
    TrainerPool trainers,
    DataCatalogue data,
    Outbox outbox,
    OfferedUpdates offers,
    FaultSwitch faultSwitch) : IInstructionRunner
{
    private readonly UpdateSender _sender = new(participant, connection, retry, faultSwitch);

    private string Site => connection.Site.Name;

    /// <summary>Carries it out.</summary>
    public async Task Run(Instruction instruction, IProgress<double> progress, CancellationToken cancellation)
    {
        try
        {
            switch (instruction)
            {
                case DescribeInstruction describe:
                    await Answer(describe, data.Find(describe.Data).Describe(describe.HeldOutShare), null, null, cancellation);
                    break;
                case EvaluateInstruction evaluate:
                    await Answer(evaluate, null, await Evaluate(evaluate, cancellation), null, cancellation);
                    break;
                case InitialiseInstruction initialise:
                    await Deliver(initialise, () => Initialise(initialise, cancellation), cancellation);
                    break;
                case TrainInstruction train:
                    await Deliver(train, () => Train(train, progress, cancellation), cancellation);
                    break;
                default:
                    break;
            }
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && Explain(exception) is { } sentence)
        {
            await Refuse(instruction, sentence, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            // The site must not wait for what does not come.
            await Refuse(instruction, $"the device failed: {exception.Message}", cancellation);
            throw;
        }
    }

    /// <summary>A sentence for what this participant cannot do; null for what nobody foresaw.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        DataException or ModelException or UntrustedModelException or ContentMissingException or ModelManifestException => exception.Message,
        OutOfMemoryException => "the device has not enough memory for this model.",
        IOException or UnauthorizedAccessException => $"the device cannot keep the update: {exception.Message} Free some space on its disk.",
        _ => null,
    };

    private Task Refuse(Instruction instruction, string sentence, CancellationToken cancellation) =>
        instruction.Id.Kind is InstructionKind.Describe or InstructionKind.Evaluate
            ? Answer(instruction, null, null, sentence, cancellation)
            : Decline(instruction, sentence, cancellation);

    private Task Decline(Instruction instruction, string sentence, CancellationToken cancellation) => retry.Repeat(
        () => connection.Grains.GetGrain<IRoundGrain>(instruction.Id.Round.ToString()).Decline(participant, sentence), cancellation);

    private Task Withdraw(RoundKey round, string sentence, CancellationToken cancellation) => retry.Repeat(
        () => connection.Grains.GetGrain<IRoundGrain>(round.ToString()).Withdraw(participant, sentence), cancellation);

    private Task Answer(
        Instruction instruction, DataSummary? summary, Contracts.Training.EvaluationSums? evaluation, string? refusal, CancellationToken cancellation)
    {
        var kind = instruction.Id.Kind == InstructionKind.Describe ? "describe" : "evaluate";
        return retry.Repeat(
            () => connection.Grains.GetGrain<ISurveyGrain>($"{instruction.Id.Round}:{kind}").Answer(
                new SurveyAnswer(participant, instruction.Id, summary, evaluation, refusal)),
            cancellation);
    }

    private async Task Deliver(Instruction instruction, Func<Task<OutboxEntry>> make, CancellationToken cancellation)
    {
        var round = instruction.Id.Round;
        var origin = (instruction as TrainInstruction)?.Base;
        if (origin is { } version && offers.FindOther(round.Job, version, Site) is { } other)
        {
            await Withdraw(round, $"it has offered what it trained from this version to the site '{other}', and nothing may count twice.", cancellation);
            return;
        }

        faultSwitch.Reach(AgentPoints.Received, round.Number);
        var entry = outbox.Find(round);
        if (entry is null || !IsAnswerTo(instruction, entry))
        {
            entry = await make();
            faultSwitch.Reach(AgentPoints.Trained, round.Number);
            outbox.Store(entry);
            faultSwitch.Reach(AgentPoints.Stored, round.Number);
        }

        if (origin is { } offered)
        {
            offers.Add(round.Job, offered, Site);
        }

        using var span = Span("upload", instruction);
        var reply = await _sender.Send(new KeptUpdate(entry, outbox), cancellation);
        if (reply.Standing == CommitStanding.Refused)
        {
            outbox.Remove(round);
            if (origin is { } refused)
            {
                offers.Remove(round.Job, refused, Site);
            }

            await Decline(instruction, reply.Reason ?? "the site refused the update.", cancellation);
        }
        else if (reply.Standing == CommitStanding.RoundOver)
        {
            outbox.Remove(round);
        }
    }

    /// <summary>
    /// An update that was kept from a job of the same id at another time is not one of this job. (A first version is quickly made again,
    /// and nothing in it tells the two apart.)
    /// </summary>
    private bool IsAnswerTo(Instruction instruction, OutboxEntry entry) =>
        instruction is TrainInstruction train && entry.Header.Base == train.Base.Hex && (entry.Header.Site is null || entry.Header.Site == Site);

    private async Task<OutboxEntry> Initialise(InitialiseInstruction instruction, CancellationToken cancellation)
    {
        var task = await versions.ReadTask(instruction.Task, cancellation);
        var file = await torchScripts.Find(instruction.Source, cancellation);
        using var span = Span("initialise", instruction);
        using var trainer = trainers.Create(instruction.Source, file, task, instruction.Seed);
        var (values, weightBytes) = Save(trainer);
        return EntryOf(instruction, null, 1, new(0, 0, 1, TimeSpan.Zero), values, weightBytes, trainer.Layout);
    }

    private async Task<OutboxEntry> Train(TrainInstruction instruction, IProgress<double> progress, CancellationToken cancellation)
    {
        var task = await versions.ReadTask(instruction.Task, cancellation);
        var parts = data.Find(instruction.Data).Open(task, instruction.Options.HeldOutShare);
        if (parts.Train.Count == 0)
        {
            throw new DataException($"this device holds no training examples of '{instruction.Data}'.");
        }

        var version = await Download(instruction, instruction.Base, cancellation);
        var file = await torchScripts.Find(instruction.Source, cancellation);
        using var loan = await trainers.Borrow(instruction.Source, file, instruction.Task, task, cancellation);
        using var span = Span("train", instruction);
        var trainer = Load(loan.Trainer, version);
        var result = await Task.Run(() => trainer.Train(parts.Train, instruction.Options, instruction.Seed, progress, cancellation), cancellation);
        AgentMetrics.Count(result);
        var (values, weightBytes) = Save(trainer);
        var weights = values.AsSpan(0, weightBytes);
        UpdateVector.Subtract(weights, version.Weights, weights);
        return EntryOf(instruction, instruction.Base, result.Examples, result, values, weightBytes, null);
    }

    private async Task<Contracts.Training.EvaluationSums> Evaluate(EvaluateInstruction instruction, CancellationToken cancellation)
    {
        var task = await versions.ReadTask(instruction.Task, cancellation);
        var parts = data.Find(instruction.Data).Open(task, instruction.HeldOutShare);
        var examples = instruction.Scope == EvaluationScope.Test ? parts.Test : parts.HeldOut;
        if (examples.Count == 0 && instruction.Scope == EvaluationScope.Test)
        {
            throw new DataException($"the data '{instruction.Data}' have no test set: give one (csv:…&test=FILE), or use 'evaluation: federated'.");
        }

        var version = await Download(instruction, instruction.Version, cancellation);
        var file = await torchScripts.Find(instruction.Source, cancellation);
        using var loan = await trainers.Borrow(instruction.Source, file, instruction.Task, task, cancellation);
        using var span = Span("evaluate", instruction);
        var trainer = Load(loan.Trainer, version);
        return await Task.Run(() => trainer.Evaluate(examples, cancellation), cancellation);
    }

    private async Task<LoadedVersion> Download(Instruction instruction, ContentHash version, CancellationToken cancellation)
    {
        using var span = Span("download", instruction);
        return await versions.ReadVersion(version, cancellation);
    }

    /// <summary>Puts a version into a network.</summary>
    /// <exception cref="ModelException">The version belongs to another network.</exception>
    internal static ITrainer Load(ITrainer trainer, LoadedVersion version)
    {
        if (!trainer.Layout.Matches(version.Manifest.Layout))
        {
            throw new ModelException("the version's tensors are not those of its network: the version was imported with another network, or is damaged.");
        }

        trainer.Load(version.Weights, version.Manifest.Integers.Span);
        return trainer;
    }

    private static (byte[] Values, int WeightBytes) Save(ITrainer trainer)
    {
        var weightBytes = checked((int)(trainer.Layout.WeightCount * sizeof(float)));
        var integerBytes = checked((int)(trainer.Layout.IntegerCount * sizeof(long)));
        var values = GC.AllocateUninitializedArray<byte>(weightBytes + integerBytes);
        trainer.Save(values.AsSpan(0, weightBytes), values.AsSpan(weightBytes));
        return (values, weightBytes);
    }

    private OutboxEntry EntryOf(
        Instruction instruction, ContentHash? origin, long examples, TrainingResult result, byte[] values, int weightBytes, ModelLayout? layout) => new(
            new UpdateHeader(
                instruction.Id.Round.Job.Value, instruction.Id.Round.Number, origin?.Hex, examples, result.LossSum, result.ProcessorTime.TotalSeconds,
                weightBytes, values.Length - weightBytes, OutboxEntry.DigestsOf(values.AsSpan(0, weightBytes)), layout)
            { Site = Site },
            values);

    private Activity? Span(string name, Instruction instruction) =>
        OrleansEdgeTelemetry.Start(name, instruction.TraceParent, instruction.Id.Round)?.SetTag(OrleansEdgeTelemetry.ParticipantTag, participant.Value);
}
