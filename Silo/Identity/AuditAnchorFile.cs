using System.Globalization;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Audit;
using OrleansEdge.Silo.Hosting;

namespace OrleansEdge.Silo.Identity;

/// <summary>Keeps the end of the audit log in a file of the silo's user, away from the store.</summary>
internal sealed partial class AuditAnchorFile(SiteOptions options, ILogger<AuditAnchorFile> logger) : IAuditAnchor
{
    private readonly string _file = Path.Combine(OperatorCredential.Folder, $"audit-{options.Name}.head");
    private readonly Lock _lock = new();

    /// <inheritdoc/>
    public void Remember(AuditHead head)
    {
        lock (_lock)
        {
            try
            {
                Directory.CreateDirectory(OperatorCredential.Folder);
                var temporary = $"{_file}.{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}";
                File.WriteAllText(temporary, string.Create(CultureInfo.InvariantCulture, $"{head.Sequence} {head.Hash}\n"));
                File.Move(temporary, _file, overwrite: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                LogNotKept(_file, exception.Message);
            }
        }
    }

    /// <inheritdoc/>
    public AuditHead? Recall()
    {
        try
        {
            var parts = File.ReadAllText(_file).Trim().Split(' ');
            return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
                ? new(sequence, parts[1])
                : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "The end of the audit log cannot be kept in {File}: {Reason}")]
    private partial void LogNotKept(string file, string reason);
}
