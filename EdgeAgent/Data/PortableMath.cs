namespace OrleansEdge.EdgeAgent.Data;

/// <summary>
/// Logarithm and exponential made of IEEE basic operations only. Those of the run-time differ in the last bit between platforms, and one
/// bit is enough to make two devices compute two different splits.
/// </summary>
internal static class PortableMath
{
    private const double LogarithmOfTwo = 0.693147180559945309417232;

    /// <summary>The natural logarithm of a positive, finite number.</summary>
    public static double Log(double value)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(value);
        var exponent = Math.ILogB(value);
        var mantissa = Math.ScaleB(value, -exponent);
        if (mantissa > 1.4142135623730951)
        {
            mantissa *= 0.5;
            exponent++;
        }

        // ln m = 2 artanh((m − 1) ÷ (m + 1)); the argument is at most 0.172 here, so that 12 terms leave nothing behind.
        var ratio = (mantissa - 1) / (mantissa + 1);
        var square = ratio * ratio;
        var series = 0.0;
        for (var term = 23; term >= 1; term -= 2)
        {
            series = (series * square) + (1.0 / term);
        }

        return (exponent * LogarithmOfTwo) + (2 * ratio * series);
    }

    /// <summary>The exponential; 0 below −700.</summary>
    public static double Exp(double value)
    {
        if (value < -700)
        {
            return 0;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 700.0);
        var exponent = (int)Math.Floor((value / LogarithmOfTwo) + 0.5);
        var rest = value - (exponent * LogarithmOfTwo);
        var series = 1.0;
        for (var term = 16; term >= 1; term--)
        {
            series = 1 + (series * rest / term);
        }

        return Math.ScaleB(series, exponent);
    }
}
