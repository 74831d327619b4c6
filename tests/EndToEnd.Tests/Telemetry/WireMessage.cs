using Google.Protobuf;

namespace OrleansEdge.EndToEnd.Tests.Telemetry;

/// <summary>A protobuf message without its schema: the values of each field number, in their order.</summary>
internal sealed class WireMessage
{
    private readonly Dictionary<int, List<object>> _fields = [];

    public WireMessage(byte[] bytes)
    {
        using var input = new CodedInputStream(bytes);
        for (var tag = input.ReadTag(); tag != 0; tag = input.ReadTag())
        {
            object value = WireFormat.GetTagWireType(tag) switch
            {
                WireFormat.WireType.Varint => input.ReadUInt64(),
                WireFormat.WireType.Fixed64 => input.ReadFixed64(),
                WireFormat.WireType.Fixed32 => (ulong)input.ReadFixed32(),
                WireFormat.WireType.LengthDelimited => input.ReadBytes(),
                var other => throw new InvalidDataException($"OTLP has no fields of wire type {other}."),
            };
            var number = WireFormat.GetTagFieldNumber(tag);
            if (!_fields.TryGetValue(number, out var values))
            {
                _fields.Add(number, values = []);
            }

            values.Add(value);
        }
    }

    public IEnumerable<WireMessage> Messages(int field) => Values<ByteString>(field).Select(bytes => new WireMessage(bytes.ToByteArray()));

    public string Text(int field) => Values<ByteString>(field).FirstOrDefault()?.ToStringUtf8() ?? "";

    public string Hex(int field) => Convert.ToHexStringLower((Values<ByteString>(field).FirstOrDefault() ?? ByteString.Empty).Span);

    public ulong Number(int field) => Values<ulong>(field).FirstOrDefault();

    /// <summary>The attributes of a message that holds them in <paramref name="field"/>; numbers as text.</summary>
    public Dictionary<string, string> Attributes(int field) =>
        Messages(field).ToDictionary(attribute => attribute.Text(1), attribute => attribute.Messages(2).Select(ValueOf).FirstOrDefault() ?? "");

    private static string ValueOf(WireMessage value) => value._fields.ContainsKey(1) ? value.Text(1) : $"{value.Number(3)}";

    private IEnumerable<T> Values<T>(int field) => _fields.TryGetValue(field, out var values) ? values.Cast<T>() : [];
}
