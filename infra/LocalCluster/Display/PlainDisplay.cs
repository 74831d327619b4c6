using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Hierarchy;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.LocalCluster.Display;

/// <summary>A line for each thing that happens, for logs and pipes.</summary>
internal sealed class PlainDisplay(TextWriter output) : IRunDisplay
{
    private readonly HashSet<string> header = [];
    private string activity = "";
    private readonly Dictionary<SiteName, SiteProgress> sites = [];
    private int faults;
    private int rounds;

    /// <inheritdoc/>
    public Task<T> Show<T>(Func<Action<RunSnapshot>, Task<T>> work) => work(Write);

    private void Write(RunSnapshot snapshot)
    {
        foreach (var line in snapshot.Header.Where(header.Add))
        {
            output.WriteLine(line);
        }

        if (snapshot.Activity != activity)
        {
            activity = snapshot.Activity;
            output.WriteLine(activity);
        }

        for (; faults < snapshot.Faults.Count; faults++)
        {
            output.WriteLine(Wording.Fault(snapshot.Faults[faults]));
        }

        foreach (var site in snapshot.Sites)
        {
            foreach (var line in Wording.Site(sites.GetValueOrDefault(site.Name), site))
            {
                output.WriteLine(line);
            }

            sites[site.Name] = site;
        }

        for (; rounds < snapshot.Finished.Count; rounds++)
        {
            var line = Wording.Round(snapshot.Finished[rounds], snapshot.Rounds);
            output.WriteLine(rounds == snapshot.Finished.Count - 1
                ? $"{line}; {Wording.Bytes(snapshot.BytesUp)} up and {Wording.Bytes(snapshot.BytesDown)} down so far"
                : line);
        }

        output.Flush();
    }
}
