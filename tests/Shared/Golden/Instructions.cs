using System.Reflection;
using System.Reflection.Emit;

namespace OrleansEdge.Tests.Shared.Golden;

/// <summary>Reads the instructions of a compiled method.</summary>
internal static class Instructions
{
    private const byte FirstOfTwo = 0xFE;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>The tokens of the methods that a method calls or refers to.</summary>
    public static IEnumerable<int> TokensOfMethods(byte[] body)
    {
        for (var at = 0; at < body.Length;)
        {
            var isLong = body[at] == FirstOfTwo;
            var code = Codes[isLong ? (short)((FirstOfTwo << 8) | body[at + 1]) : body[at]];
            at += isLong ? 2 : 1;
            if (code.OperandType == OperandType.InlineMethod)
            {
                yield return BitConverter.ToInt32(body, at);
            }

            at += LengthOf(code.OperandType, body, at);
        }
    }

    private static int LengthOf(OperandType operand, byte[] body, int at) => operand switch
    {
        OperandType.InlineNone => 0,
        OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
        OperandType.InlineVar => 2,
        OperandType.InlineI8 or OperandType.InlineR => 8,
        OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(body, at)),
        _ => 4,
    };
}
