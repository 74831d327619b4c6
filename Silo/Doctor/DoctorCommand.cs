using System.CommandLine;
using OrleansEdge.Participation.Doctor;
using OrleansEdge.Silo.Commands;
using OrleansEdge.Silo.Hosting;
using OrleansEdge.Silo.Web;

namespace OrleansEdge.Silo.Doctor;

/// <summary>The verb <c>doctor</c>: says in words what is wrong on this machine for a silo with the same options.</summary>
internal static class DoctorCommand
{
    /// <summary>A small convolutional network has about as many.</summary>
    private const long UsualParameters = 2_000_000;

    private static readonly Option<long> Parameters = new("--parameters")
    {
        Description = "How many parameters the largest model has, for the memory that it needs",
        HelpName = "NUMBER",
        DefaultValueFactory = _ => UsualParameters,
    };

    private static readonly Option<bool> Json = new("--json") { Description = "Write one JSON document to standard output, and nothing else there" };

    /// <summary>Makes the verb.</summary>
    /// <param name="serve">The verb whose options it takes.</param>
    public static Command Create(Command serve)
    {
        var doctor = Commands.Commands.Create(
            "doctor", "Look at clock, names, ports, proxy, certificates, disk, memory and versions of this machine, for a silo with the same options; changes nothing. "
                + "Ends with 1 where something is a problem",
            "doctor --name harbour --store store", "doctor --certificates certificates --parent https://192.0.2.7:7400 --json");
        foreach (var option in serve.Options)
        {
            doctor.Options.Add(option);
        }

        doctor.Options.Add(Parameters);
        doctor.Options.Add(Json);
        doctor.SetAction(Run);
        return doctor;
    }

    private static async Task<int> Run(ParseResult parse, CancellationToken cancellation)
    {
        try
        {
            var configuration = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] }).Configuration;
            var checks = SiloChecks.For(ServeCommand.Read(parse, requiresEnrolment: false), parse.GetRequiredValue(Parameters), configuration, Machine.Own);
            return await DoctorRun.Run(checks, parse.InvocationConfiguration.Output, parse.GetValue(Json), cancellation);
        }
        catch (FormatException exception)
        {
            await parse.InvocationConfiguration.Error.WriteLineAsync($"error: {Sentence.Of(exception.Message)}");
            return ExitCodes.WrongInput;
        }
    }
}
