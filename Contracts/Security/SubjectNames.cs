using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;

namespace OrleansEdge.Contracts.Security;

/// <summary>Reads what the framework's class for subject alternative names does not offer: RFC 5280, section 4.2.1.6.</summary>
internal static class SubjectNames
{
    private const int UriTag = 6;

    /// <summary>The URIs among the names.</summary>
    /// <exception cref="FormatException">The extension is damaged.</exception>
    public static IEnumerable<string> Uris(X509SubjectAlternativeNameExtension extension)
    {
        try
        {
            var uris = new List<string>();
            var tag = new Asn1Tag(TagClass.ContextSpecific, UriTag);
            var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
            while (names.HasData)
            {
                if (names.PeekTag().HasSameClassAndValue(tag))
                {
                    uris.Add(names.ReadCharacterString(UniversalTagNumber.IA5String, tag));
                }
                else
                {
                    names.ReadEncodedValue();
                }
            }

            return uris;
        }
        catch (AsnContentException exception)
        {
            throw new FormatException("The names in the certificate cannot be read.", exception);
        }
    }
}
