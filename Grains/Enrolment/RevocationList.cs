using OrleansEdge.Contracts.Security;

namespace OrleansEdge.Grains.Enrolment;

/// <summary>The keys that must not be used any more, as this silo knows them: read from the store every few seconds, and asked at each call.</summary>
public sealed class RevocationList
{
    private volatile Known _known = new([], []);

    /// <summary>Raised for each key that is new on the list.</summary>
    public event Action<Revocation>? Revoked;

    /// <summary>The entry of a key; null when it may be used.</summary>
    public Revocation? Find(KeyFingerprint key) => _known.Keys.GetValueOrDefault(key);

    /// <summary>The entry of a certificate; null when it may be used.</summary>
    public Revocation? Find(Thumbprint certificate) => _known.Certificates.GetValueOrDefault(certificate);

    /// <summary>Takes over what is in the store.</summary>
    public void Update(IReadOnlyList<Revocation> revocations)
    {
        ArgumentNullException.ThrowIfNull(revocations);
        var before = _known;
        _known = new(
            revocations.DistinctBy(entry => entry.Key).ToDictionary(entry => entry.Key),
            revocations.SelectMany(entry => entry.Certificates, (entry, certificate) => (entry, certificate))
                .DistinctBy(pair => pair.certificate).ToDictionary(pair => pair.certificate, pair => pair.entry));
        foreach (var fresh in revocations.Where(entry => !before.Keys.ContainsKey(entry.Key)))
        {
            Revoked?.Invoke(fresh);
        }
    }

    private sealed record Known(Dictionary<KeyFingerprint, Revocation> Keys, Dictionary<Thumbprint, Revocation> Certificates);
}
