namespace OrleansEdge.Contracts.Security;

/// <summary>What the holder of a certificate is.</summary>
public enum CertificateRole
{
    /// <summary>A device, which takes part at its site.</summary>
    Device = 1,

    /// <summary>A silo of a site.</summary>
    Silo = 2,

    /// <summary>A person or a program that steers a site.</summary>
    Operator = 3,

    /// <summary>A site itself, which vouches for what is under its name.</summary>
    Site = 4,
}
