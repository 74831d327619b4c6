namespace OrleansEdge.Silo.Hosting.Security;

/// <summary>Certificates cannot be used or made. The message is one sentence for a person.</summary>
internal sealed class CertificateException(string message, Exception? inner = null) : Exception(message, inner);
