using System.CommandLine;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Silo.Identity;

namespace OrleansEdge.Silo.Commands;

/// <summary><c>operators</c>: who may do what.</summary>
internal static class OperatorCommands
{
    /// <summary>The noun with all its verbs.</summary>
    public static Command Create()
    {
        var operators = Commands.Create(
            "operators", "Say who may do what at a running site; for admins", "operators add ada --role operator", "operators list", "operators remove ada", "operators revoke ada");
        CommandContext.AddOptions(operators);
        operators.Subcommands.Add(Add());
        operators.Subcommands.Add(List());
        operators.Subcommands.Add(Remove());
        operators.Subcommands.Add(Revoke());
        return operators;
    }

    private static Command Add()
    {
        var name = new Argument<string>("NAME") { Description = "The operator's name: lower-case letters, digits and hyphens" };
        var role = new Option<string>("--role")
        {
            Description = "viewer sees; operator also steers jobs and models; admin also says who may do what",
            HelpName = string.Join('|', OperatorRoles.Names),
            Required = true,
        };
        role.AcceptOnlyFromAmong([.. OperatorRoles.Names]);
        var add = Commands.Create(
            "add", "Add an operator, and print the token with which it shows who it is. The site keeps only a hash: nobody can see the token again",
            "operators add ada --role operator", "operators add dashboard --role viewer > dashboard.token");
        add.Arguments.Add(name);
        add.Options.Add(role);
        CommandContext.SetAction(add, async (context, parse, cancellation) =>
        {
            var added = await context.Site.AddOperator(OperatorName.Parse(parse.GetRequiredValue(name)), parse.GetRequiredValue(role), cancellation);
            context.Terminal.Result(added, terminal =>
            {
                // Alone on standard output, so that it can be written into a file.
                terminal.Line(added.Token);
                terminal.Note($"'{added.Name}' is {added.Role} now. Give the token in a file that {OperatorCredential.FileVariable} names, or in {OperatorCredential.Variable}.");
            });
        });
        return add;
    }

    private static Command List()
    {
        var list = Commands.Create("list", "List the operators that have a token of this site", "operators list", "operators list --json");
        CommandContext.SetAction(list, async (context, _, cancellation) =>
        {
            var operators = await context.Site.ListOperators(cancellation);
            context.Terminal.Result(operators, terminal =>
            {
                if (operators.IsEmpty)
                {
                    terminal.Line("There is none but the user that the silo runs as: 'operators add NAME --role ROLE' adds one.");
                    return;
                }

                var now = context.Time.GetUtcNow();
                terminal.Table(["OPERATOR", "ROLE", "ADDED"], operators.Select(entry => new[] { entry.Name, entry.Role, Phrases.Ago(entry.AddedAt, now) }));
            });
        });
        return list;
    }

    private static Command Revoke()
    {
        var name = new Argument<string>("NAME") { Description = "The operator's name" };
        var revoke = Commands.Create(
            "revoke", "Refuse the certificates that an operator has now, within seconds; its role and its token stay, and 'certs operator NAME' makes another certificate",
            "operators revoke ada");
        revoke.Arguments.Add(name);
        CommandContext.SetAction(revoke, async (context, parse, cancellation) =>
        {
            var named = OperatorName.Parse(parse.GetRequiredValue(name));
            await context.Site.RevokeOperator(named, cancellation);
            context.Terminal.Result(new { name = named.Value }, terminal => terminal.Line($"The certificates that '{named}' has now are refused."));
        });
        return revoke;
    }

    private static Command Remove()
    {
        var name = new Argument<string>("NAME") { Description = "The operator's name" };
        var remove = Commands.Create("remove", "Take an operator's rights away; holds on all silos within seconds", "operators remove ada");
        remove.Arguments.Add(name);
        CommandContext.SetAction(remove, async (context, parse, cancellation) =>
        {
            var named = OperatorName.Parse(parse.GetRequiredValue(name));
            await context.Site.RemoveOperator(named, cancellation);
            context.Terminal.Result(new { name = named.Value }, terminal => terminal.Line($"'{named}' is an operator of this site no more."));
        });
        return remove;
    }
}
