namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>What a pixel is to a network: its share of full intensity, from 0 to 1, less a mean, divided by a standard deviation.</summary>
/// <param name="Mean">The mean share.</param>
/// <param name="StandardDeviation">The standard deviation of the share, above 0.</param>
internal readonly record struct PixelScale(float Mean, float StandardDeviation)
{
    /// <summary>From 0 to 1.</summary>
    public static PixelScale Unit { get; } = new(0, 1);

    /// <summary>
    /// The constants of MNIST's 60,000 training images, which networks from elsewhere have been trained with. The same on all devices,
    /// whatever part of the set they hold.
    /// </summary>
    public static PixelScale Mnist { get; } = new(0.1307f, 0.3081f);

    /// <summary>The value of each of the 256 levels.</summary>
    public float[] Levels()
    {
        var levels = new float[256];
        for (var level = 0; level < levels.Length; level++)
        {
            levels[level] = ((level / 255f) - Mean) / StandardDeviation;
        }

        return levels;
    }
}
