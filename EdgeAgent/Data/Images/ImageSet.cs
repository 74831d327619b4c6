namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>Grey images of digits with their labels, kept as bytes: a quarter of the memory of floats.</summary>
/// <param name="pixels">Row by row, image after image, <see cref="PixelCount"/> bytes each.</param>
/// <param name="labels">One digit, 0 to 9, for each image.</param>
internal sealed class ImageSet(byte[] pixels, byte[] labels)
{
    /// <summary>Rows and columns of an image.</summary>
    public const int Side = 28;

    /// <summary>The number of pixels of an image.</summary>
    public const int PixelCount = Side * Side;

    /// <summary>The number of classes.</summary>
    public const int ClassCount = 10;

    /// <summary>The number of images.</summary>
    public int Count => labels.Length;

    /// <summary>The digits.</summary>
    public ReadOnlySpan<byte> Labels => labels;

    /// <summary>The pixels of one image.</summary>
    public ReadOnlySpan<byte> Pixels(int index) => pixels.AsSpan(index * PixelCount, PixelCount);

    /// <summary>A compact copy of some images, so that the others need not stay in memory.</summary>
    public ImageSet Select(ReadOnlySpan<int> indices)
    {
        var selectedPixels = new byte[indices.Length * PixelCount];
        var selectedLabels = new byte[indices.Length];
        for (var position = 0; position < indices.Length; position++)
        {
            Pixels(indices[position]).CopyTo(selectedPixels.AsSpan(position * PixelCount));
            selectedLabels[position] = labels[indices[position]];
        }

        return new ImageSet(selectedPixels, selectedLabels);
    }
}
