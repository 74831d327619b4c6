using System.Text.Json;
using OrleansEdge.Contracts.Identifiers;

namespace OrleansEdge.Participation.Updates;

/// <summary>
/// To which site a device has offered what it trained from a version, in a file of its folder. Sites may have a parent in common, and then the
/// same version: a device that moves must not have the same work counted twice. Safe for several threads.
/// </summary>
internal sealed class OfferedUpdates
{
    /// <summary>The most that is remembered; the oldest is forgotten first.</summary>
    public const int Maximum = 256;

    private const string FileName = "offered.json";

    private readonly string _file;
    private readonly Lock _gate = new();
    private readonly List<Offer> _offers;

    /// <summary>Opens what is remembered. A file that is damaged is as good as none.</summary>
    /// <param name="folder">The device's own folder.</param>
    public OfferedUpdates(string folder)
    {
        _file = Path.Combine(folder, FileName);
        _offers = Read(_file);
    }

    /// <summary>The other site to which an update from this version was offered; null for none.</summary>
    public string? FindOther(JobId job, ContentHash version, string site)
    {
        lock (_gate)
        {
            return _offers.Find(offer => offer.Job == job.Value && offer.Base == version.Hex && offer.Site != site)?.Site;
        }
    }

    /// <summary>An update is about to be offered.</summary>
    /// <exception cref="IOException">The disk is full or cannot be written.</exception>
    public void Add(JobId job, ContentHash version, string site)
    {
        lock (_gate)
        {
            var offer = new Offer(job.Value, version.Hex, site);
            if (_offers.Contains(offer))
            {
                return;
            }

            _offers.Add(offer);
            _offers.RemoveRange(0, Math.Max(0, _offers.Count - Maximum));
            Write();
        }
    }

    /// <summary>The site has refused it: it counts nowhere.</summary>
    public void Remove(JobId job, ContentHash version, string site)
    {
        lock (_gate)
        {
            if (_offers.Remove(new(job.Value, version.Hex, site)))
            {
                Write();
            }
        }
    }

    private static List<Offer> Read(string file)
    {
        try
        {
            return [.. (File.Exists(file) ? JsonSerializer.Deserialize<List<Offer?>>(File.ReadAllBytes(file), JsonSerializerOptions.Web) ?? [] : []).OfType<Offer>()];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private void Write()
    {
        var temporary = _file + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(_offers, JsonSerializerOptions.Web));
        File.Move(temporary, _file, overwrite: true);
    }

    private sealed record Offer(string Job, string Base, string Site);
}
