namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>Some images of a set: pixels by their scale, targets by the task's labels.</summary>
/// <param name="set">The images.</param>
/// <param name="selection">The images that belong to this list; null takes all.</param>
/// <param name="targetOfDigit">The task's index of each digit.</param>
/// <param name="levels">The value of each of a pixel's 256 levels.</param>
internal sealed class ImageExamples(ImageSet set, int[]? selection, float[] targetOfDigit, float[] levels) : IExamples
{
    /// <inheritdoc/>
    public int Count => selection?.Length ?? set.Count;

    /// <inheritdoc/>
    public int InputLength => ImageSet.PixelCount;

    /// <inheritdoc/>
    public void ReadInputs(ReadOnlySpan<int> indices, Span<float> inputs)
    {
        for (var position = 0; position < indices.Length; position++)
        {
            var pixels = set.Pixels(Locate(indices[position]));
            var destination = inputs.Slice(position * ImageSet.PixelCount, ImageSet.PixelCount);
            for (var pixel = 0; pixel < pixels.Length; pixel++)
            {
                destination[pixel] = levels[pixels[pixel]];
            }
        }
    }

    /// <inheritdoc/>
    public void ReadTargets(ReadOnlySpan<int> indices, Span<float> targets)
    {
        for (var position = 0; position < indices.Length; position++)
        {
            targets[position] = targetOfDigit[set.Labels[Locate(indices[position])]];
        }
    }

    private int Locate(int index) => selection is null ? index : selection[index];
}
