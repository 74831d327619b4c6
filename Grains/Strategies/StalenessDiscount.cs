namespace OrleansEdge.Grains.Strategies;

/// <summary>
/// How much a late update counts: n·(1 + τ)⁻ᵃ, where τ is how many versions older its base is than the round's. With a = ½ this is FedBuff's
/// s(τ) = 1 ÷ √(1 + τ) (Nguyen et al., 2022, arXiv 2106.06639), in general FedAsync's polynomial (Xie et al., 2019, arXiv 1903.03934).
/// </summary>
internal static class StalenessDiscount
{
    /// <summary>The weight as a whole number, so that sums stay exact.</summary>
    /// <param name="examples">The number of examples behind the update, 1 or more.</param>
    /// <param name="staleness">How many versions older the update's base is; 0 for an update in time.</param>
    /// <param name="exponent">The a, 0 or more.</param>
    /// <returns>Rounded to nearest, and 1 at least: an update that is taken counts.</returns>
    public static long Discount(long examples, int staleness, double exponent) => staleness == 0
        ? examples
        : Math.Max(1, (long)Math.Round(examples * Math.Pow(1 + staleness, -exponent)));
}
