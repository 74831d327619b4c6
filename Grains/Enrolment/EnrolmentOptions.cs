namespace OrleansEdge.Grains.Enrolment;

/// <summary>How a site enrols devices.</summary>
public sealed class EnrolmentOptions
{
    /// <summary>The section of the configuration.</summary>
    public const string Section = "Enrolment";

    /// <summary>How long a device's certificate is valid. Default 30 days.</summary>
    public TimeSpan DeviceLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long after its certificate has expired a device can still renew it by its key. Default 90 days.</summary>
    public TimeSpan OfflineLimit { get; set; } = TimeSpan.FromDays(90);
}
