using System.Text.Json;
using Microsoft.Extensions.Options;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Identity;
using OrleansEdge.Grains.Retention;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Json;
using OrleansEdge.Silo.Hosting.Limits;
using OrleansEdge.Silo.Hosting.Security;
using OrleansEdge.Silo.Identity;

namespace OrleansEdge.Silo.Hosting;

/// <summary>
/// Puts on record, when a silo starts, which settings are others than at the last start: an operator who turns a limit off is seen. No secrets
/// are among them.
/// </summary>
internal sealed class SettingsAudit(
    IBlobStore blobs, IAuditLog audit, SiteOptions site, GatewayLimitOptions limits, IOptions<CoordinationOptions> coordination, IOptions<RetentionOptions> retention,
    IOptions<EnrolmentOptions> enrolment, IOptions<IdentityOptions> identity, IConfiguration configuration) : IHostedService
{
    private const string Site = "site";
    private const int LongestDetail = 500;

    /// <summary>The largest record of the settings, in bytes: 1 MiB, a hundred times what they have.</summary>
    private const long LargestSettings = 1 << 20;

    private static readonly BlobName Name = BlobName.Create("settings", "last-start.json");

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var settings = Flatten();
        var blob = await blobs.ReadSmall(Name, LargestSettings, cancellationToken);
        var changes = Compare(Parse(blob), settings);
        if (blob is not null && changes.Count == 0)
        {
            return;
        }

        await audit.Record(new(Site, "change settings", AuditOutcome.Done, From: site.Url.Authority, Detail: Describe(blob is null ? [] : changes)));
        try
        {
            await blobs.Write(Name, JsonSerializer.SerializeToUtf8Bytes(settings, StateJson.Options), BlobCondition.Unchanged(blob?.ETag), cancellationToken);
        }
        catch (BlobConflictException)
        {
            // Another silo of the site starts at the same time, and has put its own on record.
        }
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>What is another, in the order of names: <c>Limits:CallsPerSecond 200 → 0</c>.</summary>
    internal static List<string> Compare(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after) =>
    [
        .. before.Keys.Union(after.Keys).Order(StringComparer.Ordinal)
            .Where(key => before.GetValueOrDefault(key) != after.GetValueOrDefault(key))
            .Select(key => $"{key} {before.GetValueOrDefault(key, "(none)")} → {after.GetValueOrDefault(key, "(none)")}"),
    ];

    private static string Describe(List<string> changes)
    {
        var text = changes.Count == 0 ? "the first start" : string.Join("; ", changes);
        return text.Length <= LongestDetail ? text : $"{text[..LongestDetail]}…";
    }

    /// <summary>What cannot be read counts as nothing: all settings are put on record then.</summary>
    private static Dictionary<string, string> Parse(BlobContent? blob)
    {
        try
        {
            return blob is null ? [] : JsonSerializer.Deserialize<Dictionary<string, string>>(blob.Bytes.Span, StateJson.Options) ?? [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private Dictionary<string, string> Flatten()
    {
        var settings = new Dictionary<string, string> { ["protection"] = SiteProtection.WordOf(site) };
        Add(GatewayLimitOptions.Section, limits);
        Add(CoordinationOptions.Section, coordination.Value);
        Add(RetentionOptions.Section, retention.Value);
        Add(EnrolmentOptions.Section, enrolment.Value);
        settings[$"{IdentityOptions.Section}:{nameof(IdentityOptions.TokenLifetime)}"] = identity.Value.TokenLifetime.ToString();
        if (IdentityProviderOptions.Read(configuration) is { } provider)
        {
            // Who gives out the rights of operators here.
            Add(IdentityOptions.Section, provider);
        }

        return settings;

        void Add<T>(string section, T options)
        {
            foreach (var property in JsonSerializer.SerializeToElement(options).EnumerateObject())
            {
                settings[$"{section}:{property.Name}"] = property.Value.ToString();
            }
        }
    }
}
