using System.Numerics;
using System.Runtime.CompilerServices;

namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// A sum of fp32 values with integer weights that never rounds: a two's complement fixed-point number in units of the smallest
/// subnormal (2⁻¹⁴⁹), wide enough for 2²⁰ terms of the largest fp32 value with the largest weight (Kulisch's long accumulator).
/// </summary>
internal struct ExactAccumulator
{
    // 277 bits for fp32's range, 28 for the weight, 20 for the count, 1 for the sign.
    private const int LimbCount = 6;
    private const int LimbBits = 64;
    private const int UnitExponent = -149;
    private const int FractionBits = 23;
    private const int DoublePrecision = 53;

    private Limbs limbs;

    /// <summary>Adds <paramref name="value"/> × <paramref name="weight"/>.</summary>
    /// <param name="value">Finite.</param>
    /// <param name="weight">Above 0 and below <see cref="ExactSum.WeightLimit"/>.</param>
    public void Add(float value, long weight)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        var fraction = bits & ((1U << FractionBits) - 1);
        var exponent = (int)(bits >> FractionBits) & 0xFF;
        var magnitude = (exponent == 0 ? fraction : fraction | (1U << FractionBits)) * (ulong)weight;
        var shift = Math.Max(exponent - 1, 0);
        var low = magnitude << (shift % LimbBits);
        var high = shift % LimbBits == 0 ? 0 : magnitude >> (LimbBits - shift % LimbBits);
        if (float.IsNegative(value))
        {
            Subtract(shift / LimbBits, low, high);
        }
        else
        {
            Add(shift / LimbBits, low, high);
        }
    }

    /// <summary>The sum, rounded once, to nearest with ties to even. Zero is always positive.</summary>
    public readonly double Round()
    {
        var magnitude = limbs;
        var negative = (long)limbs[LimbCount - 1] < 0;
        if (negative)
        {
            Negate(ref magnitude);
        }

        var top = LimbCount - 1;
        while (top >= 0 && magnitude[top] == 0)
        {
            top--;
        }

        if (top < 0)
        {
            return 0;
        }

        var bits = top * LimbBits + LimbBits - BitOperations.LeadingZeroCount(magnitude[top]);
        var dropped = Math.Max(bits - DoublePrecision, 0);
        var significand = Extract(magnitude, dropped);
        if (dropped > 0 && RoundsUp(magnitude, dropped, significand))
        {
            significand++;
        }

        var result = Math.ScaleB((double)significand, dropped + UnitExponent);
        return negative ? -result : result;
    }

    private void Add(int limb, ulong low, ulong high)
    {
        limbs[limb] += low;
        var carry = limbs[limb] < low ? 1UL : 0;
        for (var index = limb + 1; index < LimbCount && (high | carry) != 0; index++)
        {
            // The upper part of a shifted product is far below 2⁶⁴ − 1, so adding the carry to it cannot wrap.
            var addend = high + carry;
            limbs[index] += addend;
            carry = limbs[index] < addend ? 1UL : 0;
            high = 0;
        }
    }

    private void Subtract(int limb, ulong low, ulong high)
    {
        var borrow = limbs[limb] < low ? 1UL : 0;
        limbs[limb] -= low;
        for (var index = limb + 1; index < LimbCount && (high | borrow) != 0; index++)
        {
            var subtrahend = high + borrow;
            borrow = limbs[index] < subtrahend ? 1UL : 0;
            limbs[index] -= subtrahend;
            high = 0;
        }
    }

    private static void Negate(ref Limbs value)
    {
        var carry = 1UL;
        for (var index = 0; index < LimbCount; index++)
        {
            value[index] = ~value[index] + carry;
            carry = carry == 1 && value[index] == 0 ? 1UL : 0;
        }
    }

    /// <summary>The 53 bits from position <paramref name="position"/> on.</summary>
    private static ulong Extract(in Limbs value, int position)
    {
        var limb = position / LimbBits;
        var offset = position % LimbBits;
        var bits = value[limb] >> offset;
        if (offset > 0 && limb + 1 < LimbCount)
        {
            bits |= value[limb + 1] << (LimbBits - offset);
        }

        return bits & ((1UL << DoublePrecision) - 1);
    }

    private static bool RoundsUp(in Limbs value, int dropped, ulong significand)
    {
        var half = dropped - 1;
        if ((value[half / LimbBits] >> (half % LimbBits) & 1) == 0)
        {
            return false;
        }

        var below = value[half / LimbBits] & ((1UL << (half % LimbBits)) - 1);
        for (var index = 0; index < half / LimbBits; index++)
        {
            below |= value[index];
        }

        return below != 0 || (significand & 1) != 0;
    }

    [InlineArray(LimbCount)]
    private struct Limbs
    {
        private ulong first;
    }
}
