using System.CommandLine;
using System.Globalization;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>models</c>: published versions.</summary>
internal static class ModelCommands
{
    private const int DefaultLimit = 50;

    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var models = Commands.Create("models", "List, export, import, promote and prune model versions of a running site",
            "models list", "models show digits", "models export digits@head digits.safetensors", "models promote digits@5");
        CommandContext.AddOptions(models);
        models.Subcommands.Add(List());
        models.Subcommands.Add(Show());
        models.Subcommands.Add(Export());
        models.Subcommands.Add(Import());
        models.Subcommands.Add(Promote());
        models.Subcommands.Add(Rollback());
        models.Subcommands.Add(PruneCommand.Create());
        return models;
    }

    private static Command List()
    {
        var list = Commands.Create("list", "List all models, with their newest and their promoted version", "models list", "models list --json");
        CommandContext.SetAction(list, async (context, _, cancellation) =>
        {
            var models = await context.Site.ListModels(cancellation);
            context.Terminal.Result(models, terminal =>
            {
                if (models.IsEmpty)
                {
                    terminal.Line("There are no models yet: a job publishes its first version as soon as it has begun ('jobs submit FILE').");
                    return;
                }

                terminal.Table(["MODEL", "HEAD", "PROMOTED"], models.Select(model => new[] { model.Name.Value, Phrases.Of(model.Head), Phrases.Of(model.Promoted) }), 1, 2);
            });
        });
        return list;
    }

    private static Command Show()
    {
        var name = new Argument<string>("NAME") { Description = "A model, or one version of it: NAME@NUMBER, NAME@head, NAME@promoted" };
        var limit = new Option<int>("--limit") { Description = "The most versions to list, the newest first", DefaultValueFactory = _ => DefaultLimit, HelpName = "NUMBER" };
        var show = Commands.Create("show", "Show a model and its versions, or the lineage of one version", "models show digits", "models show digits@3 --json");
        show.Arguments.Add(name);
        show.Options.Add(limit);
        CommandContext.SetAction(show, async (context, parse, cancellation) =>
        {
            var text = parse.GetRequiredValue(name);
            if (text.Contains('@', StringComparison.Ordinal))
            {
                var version = await context.Site.GetVersion(VersionReference.Parse(text), cancellation);
                context.Terminal.Result(version, terminal => ShowVersion(terminal, version));
                return;
            }

            var model = await context.Site.GetModel(ModelName.Parse(text), parse.GetValue(limit), cancellation);
            context.Terminal.Result(model, terminal => ShowModel(terminal, model));
        });
        return show;
    }

    private static Command Export()
    {
        var version = VersionArgument();
        var file = new Argument<string>("FILE.safetensors") { Description = "The file to write; it is replaced if it exists, and only by a whole one" };
        var export = Commands.Create("export", "Write a version as safetensors, which Python opens with safetensors.torch.load_file",
            "models export digits@5 digits.safetensors", "models export digits@promoted digits.safetensors --json");
        export.Arguments.Add(version);
        export.Arguments.Add(file);
        CommandContext.SetAction(export, async (context, parse, cancellation) =>
        {
            var reference = VersionReference.Parse(parse.GetRequiredValue(version));
            var result = await SafetensorsFile.Export(context.Site, reference, parse.GetRequiredValue(file), cancellation);
            context.Terminal.Result(result, terminal =>
                terminal.Line($"{result.Version} is in '{result.File}' ({Phrases.Bytes(result.Bytes)}, SHA-256 {result.Sha256})."));
        });
        return export;
    }

    private static Command Import()
    {
        var name = new Argument<string>("NAME") { Description = "The model that gets a new version; it need not exist" };
        var file = new Argument<string>("FILE.safetensors") { Description = "The weights, under the names that 'models export' gives them" };
        var from = new Option<string?>("--from") { Description = "The version whose network the weights are for. Default: the newest version of NAME", HelpName = "NAME@VERSION" };
        var import = Commands.Create("import", "Publish a safetensors file as a new version; the same file again is the same version",
            "models import digits tuned.safetensors", "models import digits-b tuned.safetensors --from digits@3");
        import.Arguments.Add(name);
        import.Arguments.Add(file);
        import.Options.Add(from);
        CommandContext.SetAction(import, async (context, parse, cancellation) =>
        {
            var reference = parse.GetValue(from) is { } text ? VersionReference.Parse(text) : null;
            var version = await SafetensorsFile.Import(
                context.Site, ModelName.Parse(parse.GetRequiredValue(name)), reference, parse.GetRequiredValue(file), cancellation);
            context.Terminal.Result(version, terminal => terminal.Line($"{version.Id} is published, with the network of {version.Parent}."));
        });
        return import;
    }

    private static Command Promote()
    {
        var version = VersionArgument();
        var promote = Commands.Create("promote", "Mark a version as the one to use: NAME@promoted means it from now on",
            "models promote digits@5", "models promote digits@head");
        promote.Arguments.Add(version);
        CommandContext.SetAction(promote, async (context, parse, cancellation) =>
        {
            var model = await context.Site.Promote(VersionReference.Parse(parse.GetRequiredValue(version)), cancellation);
            context.Terminal.Result(model, terminal => terminal.Line($"{model.Name}@{Phrases.Of(model.Promoted)} is promoted."));
        });
        return promote;
    }

    private static Command Rollback()
    {
        var name = new Argument<string>("NAME") { Description = "The model" };
        var rollback = Commands.Create("rollback", "Go back to the version that was promoted before", "models rollback digits");
        rollback.Arguments.Add(name);
        CommandContext.SetAction(rollback, async (context, parse, cancellation) =>
        {
            var model = await context.Site.Rollback(ModelName.Parse(parse.GetRequiredValue(name)), cancellation);
            context.Terminal.Result(model, terminal => terminal.Line($"{model.Name}@{Phrases.Of(model.Promoted)} is promoted again."));
        });
        return rollback;
    }

    private static Argument<string> VersionArgument() => new("NAME@VERSION") { Description = "A version: NAME@NUMBER, NAME@head or NAME@promoted" };

    private static void ShowModel(Terminal terminal, ModelAnswer model)
    {
        terminal.Fields(("model", model.Name.Value), ("head", Phrases.Of(model.Head)), ("promoted", Phrases.Of(model.Promoted)));
        terminal.Line();
        terminal.Table(
            ["VERSION", "JOB", "ROUND", "STRATEGY", "MEASURED", "CONTRIBUTORS", "EXAMPLES", "WEIGHTS"],
            model.Versions.Select(version => new[]
            {
                version.Id.ToString(), version.Job?.Value ?? "imported", version.Job is null ? Phrases.Nothing : Phrases.Of((int?)version.Round),
                version.Strategy ?? Phrases.Nothing, Phrases.Of(version.Evaluation), Phrases.Of((int?)version.Contributors.Length),
                version.Examples.ToString(CultureInfo.InvariantCulture), version.Manifest.Hex[..12],
            }), 2, 5, 6);
    }

    private static void ShowVersion(Terminal terminal, VersionAnswer version) => terminal.Fields(
        ("version", version.Id.ToString()),
        ("network", version.Source.Architecture),
        ("parent", version.Parent?.ToString() ?? "none"),
        ("made by", version.Job is { } job ? $"round {version.Round} of job '{job}', attempt {version.Attempt}, by {version.Strategy}" : "an import"),
        ("measured", version.Evaluation is { } measured ? $"{Phrases.Of(measured)}, over {Phrases.Count(measured.Examples, "example")}" : null),
        ("training loss", version.Job is null ? null : Phrases.Of(version.TrainingLoss)),
        ("examples", version.Job is null ? null : version.Examples.ToString(CultureInfo.InvariantCulture)),
        ("contributors", string.Join(", ", version.Contributors.Select(contributor => contributor.Value))),
        ("torchscript", version.Source.TorchScript?.Hex),
        ("manifest", version.Manifest.Hex),
        ("task", version.Task.Hex));
}
