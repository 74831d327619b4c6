using System.CommandLine;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.EdgeAgent.Data.Splits;

namespace OrleansEdge.EdgeAgent.Commands;

/// <summary>The <c>data</c> command: shows data, and how they divide over devices, without a site.</summary>
internal static class DataCommand
{
    private const int DefaultDevices = 10;

    /// <summary>The command with its sub-commands.</summary>
    public static Command Create() => new("data", "Look at local data") { CreateDescribe() };

    private static Command CreateDescribe()
    {
        var specification = new Argument<string>("SPEC")
        {
            Description = "The data: mnist:FOLDER, mnist, csv:FILE?label=COLUMN[&test=FILE][&kind=classification|regression], or " +
                "generated[:EXAMPLES]",
        };
        var split = new Option<string?>("--split")
        {
            HelpName = "SPLIT",
            Description = "How the data divide: iid, dirichlet:ALPHA or classes:K. Default: undivided, or iid with --devices",
        };
        var devices = new Option<int?>("--devices") { HelpName = "NUMBER", Description = $"Over how many devices they divide. Default with --split: {DefaultDevices}" };
        var seed = new Option<ulong>("--seed") { HelpName = "NUMBER", Description = "Seeds the split", DefaultValueFactory = _ => SplitSpecification.DefaultSeed };
        var json = new Option<bool>("--json") { Description = "Print one JSON object" };
        var command = new Command("describe", "Check data and show who would hold what") { specification, split, devices, seed, json };
        command.SetAction((result, cancellation) => CommandRun.Run(
            async () =>
            {
                var description = await DescribeAsync(
                    result.GetRequiredValue(specification), result.GetValue(split), result.GetValue(devices), result.GetValue(seed), cancellation);
                DataDescriptionView.Write(description, result.InvocationConfiguration.Output, result.GetValue(json));
            },
            result.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<DataDescription> DescribeAsync(
        string specificationText, string? splitText, int? devices, ulong seed, CancellationToken cancellation)
    {
        if (devices is < 1 or > Part.MaximumCount)
        {
            throw new DataException($"--devices is {devices}: use a whole number from 1 to {Part.MaximumCount}.");
        }

        var specification = DataSpecification.Parse(specificationText);
        var split = splitText is null ? SplitSpecification.Iid : SplitSpecification.Parse(splitText);
        var count = devices ?? (splitText is null ? 1 : DefaultDevices);
        var data = await new DataSourceFactory(MnistDownload.CreateDefault()).LoadAsync(specification, cancellation).ConfigureAwait(false);
        return DataDescription.Create(specificationText, data, split, count, seed);
    }
}
