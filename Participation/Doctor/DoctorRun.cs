using System.Text.Json;

namespace OrleansEdge.Participation.Doctor;

/// <summary>Makes checks, one after the other, and says what they have found.</summary>
internal static class DoctorRun
{
    /// <summary>The exit code where something does not work.</summary>
    public const int HasProblems = 1;

    /// <summary>Makes all checks.</summary>
    /// <param name="checks">The checks.</param>
    /// <param name="output">One line a finding, or one JSON document.</param>
    /// <param name="json">Which of the two.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>The exit code: 0 where nothing is a problem.</returns>
    public static async Task<int> Run(IEnumerable<IDoctorCheck> checks, TextWriter output, bool json, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (var check in checks)
        {
            foreach (var finding in await Look(check, cancellation))
            {
                findings.Add(finding);
                if (!json)
                {
                    await output.WriteLineAsync(finding.ToString());
                }
            }
        }

        if (json)
        {
            await output.WriteLineAsync(JsonSerializer.Serialize(
                new
                {
                    findings = findings.Select(finding => new { severity = finding.Word, finding.Subject, finding.Sentence }),
                    warnings = findings.Count(finding => finding.Severity == Severity.Warning),
                    problems = findings.Count(finding => finding.Severity == Severity.Problem),
                },
                JsonSerializerOptions.Web));
        }

        return findings.Exists(finding => finding.Severity == Severity.Problem) ? HasProblems : 0;
    }

    /// <summary>A check that fails itself does not hide what the others find.</summary>
    private static async Task<IReadOnlyList<Finding>> Look(IDoctorCheck check, CancellationToken cancellation)
    {
        try
        {
            return await check.Look(cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            return [Finding.Warning(check.GetType().Name, $"This could not be looked at ({exception.Message.TrimEnd('.')}): look by hand, and report it as a fault of this program.")];
        }
    }
}
