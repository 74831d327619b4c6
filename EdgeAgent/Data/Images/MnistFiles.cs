namespace OrleansEdge.EdgeAgent.Data.Images;

/// <summary>MNIST and data sets of the same format (28 × 28 grey images of ten classes) in a folder, gzipped or not.</summary>
internal static class MnistFiles
{
    /// <summary>The name of the training images, without <c>.gz</c>.</summary>
    public const string TrainImages = "train-images-idx3-ubyte";

    /// <summary>The name of the training labels.</summary>
    public const string TrainLabels = "train-labels-idx1-ubyte";

    /// <summary>The name of the test images.</summary>
    public const string TestImages = "t10k-images-idx3-ubyte";

    /// <summary>The name of the test labels.</summary>
    public const string TestLabels = "t10k-labels-idx1-ubyte";

    /// <summary>Reads and verifies the training set.</summary>
    /// <param name="folder">The folder with the files.</param>
    /// <param name="first">Keeps the first images only, at most so many; null keeps all.</param>
    /// <exception cref="DataException">A file is missing or wrong.</exception>
    public static ImageSet ReadTrain(string folder, int? first = null) => Read(folder, TrainImages, TrainLabels, first);

    /// <summary>Reads and verifies the test set.</summary>
    /// <exception cref="DataException">A file is missing or wrong.</exception>
    public static ImageSet ReadTest(string folder) => Read(folder, TestImages, TestLabels, null);

    /// <summary>Puts images and labels together; where only the first images were kept, only their labels are.</summary>
    /// <exception cref="DataException">They do not fit together.</exception>
    internal static ImageSet Combine(string imagesName, (int[] Sizes, byte[] Elements) images, string labelsName, byte[] labels)
    {
        var (sizes, pixels) = images;
        if (sizes[1] != ImageSet.Side || sizes[2] != ImageSet.Side)
        {
            throw new DataException(
                $"The images of '{imagesName}' have {sizes[1]} × {sizes[2]} pixels: only images of {ImageSet.Side} × {ImageSet.Side} can be read.");
        }

        if (sizes[0] != labels.Length)
        {
            throw new DataException($"'{imagesName}' holds {sizes[0]} images and '{labelsName}' {labels.Length} labels: use two files that " +
                "belong together.");
        }

        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(ImageSet.ClassCount - 1));
        return wrong < 0
            ? new ImageSet(pixels, labels[..(pixels.Length / ImageSet.PixelCount)])
            : throw new DataException($"The label of image {wrong + 1} in '{labelsName}' is {labels[wrong]}: labels must be from 0 to " +
                $"{ImageSet.ClassCount - 1}.");
    }

    private static ImageSet Read(string folder, string imagesName, string labelsName, int? first)
    {
        var labelsPath = Locate(folder, labelsName);
        var imagesPath = Locate(folder, imagesName);
        var labels = IdxReader.Read(labelsPath, 1).Elements;
        return Combine(imagesPath, IdxReader.Read(imagesPath, 3, first), labelsPath, labels);
    }

    private static string Locate(string folder, string name)
    {
        if (!Directory.Exists(folder))
        {
            throw new DataException($"The folder '{folder}' does not exist: name the folder that holds MNIST's four files, or use generated.");
        }

        var plain = Path.Combine(folder, name);
        var gzipped = plain + ".gz";
        return File.Exists(plain) ? plain : File.Exists(gzipped) ? gzipped : throw new DataException(
            $"The folder '{folder}' holds neither {name} nor {name}.gz: name the folder that holds MNIST's four files.");
    }
}
