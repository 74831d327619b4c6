using OrleansEdge.EdgeAgent.Data.Images;

namespace OrleansEdge.EdgeAgent.Data.Generated;

/// <summary>
/// Images of digits made in code: strokes with unsteady points under a random rotation, shear, size and place, drawn with a pen of random
/// width over noise. Every image has a generator of its own, so that the first images do not depend on how many are made, and only IEEE
/// basic operations and square roots are used, so that the bytes are the same on every platform.
/// </summary>
internal static class GeneratedDigits
{
    /// <summary>The number of test images.</summary>
    public const int TestExamples = 1000;

    /// <summary>Tells the training images from the test images of a seed.</summary>
    public const ulong TrainStream = 1UL << 40;

    /// <inheritdoc cref="TrainStream"/>
    public const ulong TestStream = 2UL << 40;

    private const int PointsPerStretch = 3;

    /// <summary>Makes images.</summary>
    /// <param name="count">How many.</param>
    /// <param name="seed">The same seed gives the same images.</param>
    /// <param name="stream"><see cref="TrainStream"/> or <see cref="TestStream"/>.</param>
    public static ImageSet Make(int count, ulong seed, ulong stream)
    {
        var pixels = new byte[(long)count * ImageSet.PixelCount];
        var labels = new byte[count];
        var ink = new double[ImageSet.PixelCount];
        for (var index = 0; index < count; index++)
        {
            var random = new SeededRandom(seed, stream + (ulong)index);
            labels[index] = (byte)random.NextInt(ImageSet.ClassCount);
            Array.Clear(ink);
            Draw(random, labels[index], ink);
            Develop(random, ink, pixels.AsSpan(index * ImageSet.PixelCount, ImageSet.PixelCount));
        }

        return new ImageSet(pixels, labels);
    }

    private static void Draw(SeededRandom random, int digit, double[] ink)
    {
        var ways = DigitGlyphs.Strokes[digit];
        var strokes = ways[random.NextInt(ways.Length)];
        var place = Placement.Draw(random);
        var radius = random.NextBetween(0.8, 1.5);
        foreach (var stroke in strokes)
        {
            var points = new (double X, double Y)[stroke.Length / 2];
            for (var point = 0; point < points.Length; point++)
            {
                points[point] = place.Apply(
                    stroke[2 * point] + random.NextBetween(-0.03, 0.03),
                    stroke[(2 * point) + 1] + random.NextBetween(-0.03, 0.03));
            }

            DrawCurve(points, radius, ink);
        }
    }

    /// <summary>A Catmull–Rom curve through the points.</summary>
    private static void DrawCurve((double X, double Y)[] points, double radius, double[] ink)
    {
        var from = points[0];
        for (var stretch = 0; stretch + 1 < points.Length; stretch++)
        {
            var before = points[Math.Max(stretch - 1, 0)];
            var start = points[stretch];
            var end = points[stretch + 1];
            var after = points[Math.Min(stretch + 2, points.Length - 1)];
            for (var step = 1; step <= PointsPerStretch; step++)
            {
                var t = (double)step / PointsPerStretch;
                var to = (Interpolate(before.X, start.X, end.X, after.X, t), Interpolate(before.Y, start.Y, end.Y, after.Y, t));
                DrawLine(from, to, radius, ink);
                from = to;
            }
        }
    }

    private static double Interpolate(double before, double start, double end, double after, double t) =>
        start + (0.5 * t * (end - before + (t * ((2 * before) - (5 * start) + (4 * end) - after + (t * ((3 * (start - end)) + after - before))))));

    private static void DrawLine((double X, double Y) from, (double X, double Y) to, double radius, double[] ink)
    {
        var reach = radius + 1;
        var left = Math.Max(0, (int)Math.Floor(Math.Min(from.X, to.X) - reach));
        var right = Math.Min(ImageSet.Side - 1, (int)Math.Ceiling(Math.Max(from.X, to.X) + reach));
        var top = Math.Max(0, (int)Math.Floor(Math.Min(from.Y, to.Y) - reach));
        var bottom = Math.Min(ImageSet.Side - 1, (int)Math.Ceiling(Math.Max(from.Y, to.Y) + reach));
        var alongX = to.X - from.X;
        var alongY = to.Y - from.Y;
        var square = (alongX * alongX) + (alongY * alongY) + 1e-9;
        for (var y = top; y <= bottom; y++)
        {
            for (var x = left; x <= right; x++)
            {
                var share = Math.Clamp((((x - from.X) * alongX) + ((y - from.Y) * alongY)) / square, 0, 1);
                var offX = x - from.X - (share * alongX);
                var offY = y - from.Y - (share * alongY);
                var covered = Math.Clamp(radius + 0.5 - Math.Sqrt((offX * offX) + (offY * offY)), 0, 1);
                ink[(y * ImageSet.Side) + x] = Math.Max(ink[(y * ImageSet.Side) + x], covered);
            }
        }
    }

    /// <summary>Turns ink into bytes with a random contrast and noise.</summary>
    private static void Develop(SeededRandom random, double[] ink, Span<byte> pixels)
    {
        var contrast = random.NextBetween(170, 255);
        var noise = random.NextBetween(5, 40);
        for (var pixel = 0; pixel < pixels.Length; pixel += 4)
        {
            var bits = random.NextBits();
            for (var next = pixel; next < pixel + 4; next++, bits >>= 16)
            {
                // The sum of two uniform numbers, from −1 to 1.
                var grain = ((bits & 0xFF) + ((bits >> 8) & 0xFF)) / 255.0 - 1;
                pixels[next] = (byte)Math.Clamp((ink[next] * contrast) + (grain * noise), 0, 255);
            }
        }
    }

    /// <summary>Where the box of a glyph comes to lie in the image.</summary>
    private readonly record struct Placement(double Xx, double Xy, double Yx, double Yy, double CentreX, double CentreY)
    {
        public static Placement Draw(SeededRandom random)
        {
            // Cosine and sine from the tangent of half the angle: no trigonometry, whose last bit differs between platforms. ±15°.
            var half = random.NextBetween(-0.13, 0.13);
            var cosine = (1 - (half * half)) / (1 + (half * half));
            var sine = 2 * half / (1 + (half * half));
            var width = random.NextBetween(13, 19);
            var height = random.NextBetween(17, 22);
            var shear = random.NextBetween(-0.2, 0.2);
            return new Placement(
                cosine * width,
                ((cosine * shear) - sine) * height,
                sine * width,
                ((sine * shear) + cosine) * height,
                13.5 + random.NextBetween(-2.5, 2.5),
                13.5 + random.NextBetween(-2.5, 2.5));
        }

        public (double X, double Y) Apply(double x, double y)
        {
            x -= 0.5;
            y -= 0.5;
            return (CentreX + (Xx * x) + (Xy * y), CentreY + (Yx * x) + (Yy * y));
        }
    }
}
