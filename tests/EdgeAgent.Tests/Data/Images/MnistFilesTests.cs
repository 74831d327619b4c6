using System.Collections.Immutable;
using System.IO.Compression;
using OrleansEdge.Contracts.Data;
using OrleansEdge.EdgeAgent.Data;
using OrleansEdge.EdgeAgent.Data.Images;
using OrleansEdge.Tests.Shared;

namespace OrleansEdge.EdgeAgent.Tests.Data.Images;

public sealed class MnistFilesTests
{
    private static readonly TaskDescription Task = new(TaskKind.Classification, [1, 28, 28], [.. ImageDataSource.Labels], [], null);

    [Fact]
    public void Real_mnist_gzipped_has_its_counts_and_first_labels()
    {
        var folder = WorkingTree.Mnist();
        var train = MnistFiles.ReadTrain(folder);
        var test = MnistFiles.ReadTest(folder);
        Assert.Equal((60_000, 10_000), (train.Count, test.Count));
        Assert.Equal([5, 0, 4, 1, 9], train.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], test.Labels[..5].ToArray());
    }

    [Fact]
    public void Real_mnist_unpacked_gives_the_same_images_as_gzipped()
    {
        var real = WorkingTree.Mnist();
        using var folder = new TestFolder();
        foreach (var name in new[] { "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte" })
        {
            using var packed = File.OpenRead(Path.Combine(real, name + ".gz"));
            using var content = new GZipStream(packed, CompressionMode.Decompress);
            using var plain = File.Create(Path.Combine(folder.Path, name));
            content.CopyTo(plain);
        }

        var expected = MnistFiles.ReadTest(real);
        var read = MnistFiles.ReadTest(folder.Path);
        Assert.Equal(expected.Labels, read.Labels);
        Assert.Equal(expected.Pixels(9_999), read.Pixels(9_999));
    }

    [Fact]
    public void More_images_than_labels_names_both_files_and_counts()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [1, 2, 3], [1]);
        folder.Write("train-images-idx3-ubyte", IdxBytes.Images(4));
        var message = Assert.Throws<DataException>(() => MnistFiles.ReadTrain(folder.Path)).Message;
        Assert.Contains("train-images-idx3-ubyte' holds 4 images", message, StringComparison.Ordinal);
        Assert.Contains("train-labels-idx1-ubyte.gz' 3 labels", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_above_nine_is_named_with_its_image()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [1, 10], [1]);
        Assert.Contains("label of image 2", Assert.Throws<DataException>(() => MnistFiles.ReadTrain(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_of_another_size_are_refused()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [1, 2], [1]);
        folder.Write("train-images-idx3-ubyte", IdxBytes.Images(2, side: 32));
        Assert.Contains("32 × 32 pixels", Assert.Throws<DataException>(() => MnistFiles.ReadTrain(folder.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_or_folder_is_named()
    {
        using var folder = new TestFolder();
        Assert.Contains("neither train-labels-idx1-ubyte nor", Assert.Throws<DataException>(() => MnistFiles.ReadTrain(folder.Path)).Message, StringComparison.Ordinal);
        Assert.Contains("does not exist", Assert.Throws<DataException>(() => MnistFiles.ReadTrain(folder.Path + "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async System.Threading.Tasks.Task Opened_parts_hold_standardised_pixels_and_targets_by_the_tasks_labels()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [4, 7, 9, 4], [7, 9]);
        var source = await OpenAsync($"mnist:{folder.Path}?first=3");
        var parts = source.Open(Task with { Labels = ["9", "7", "4"] }, 0);
        var inputs = new float[2 * 784];
        var targets = new float[2];
        parts.Train.ReadInputs([2, 0], inputs);
        parts.Train.ReadTargets([2, 0], targets);
        Assert.Equal((3, 0, 2), (parts.Train.Count, parts.HeldOut.Count, parts.Test.Count));
        Assert.Equal([0f, 2f], targets);
        Assert.Equal((((2 * 784 % 251) / 255f) - 0.1307f) / 0.3081f, inputs[0]);
        Assert.Equal(((1 / 255f) - 0.1307f) / 0.3081f, inputs[785]);
    }

    [Fact]
    public async System.Threading.Tasks.Task A_task_that_does_not_fit_is_refused_with_one_sentence()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [4, 7], [8]);
        var source = await OpenAsync($"mnist:{folder.Path}");
        Assert.Contains("'8'", Fault(Task with { Labels = Task.Labels.Remove("8") }), StringComparison.Ordinal);
        Assert.Contains("[24]", Fault(Task with { InputShape = ImmutableArray.Create(24) }), StringComparison.Ordinal);
        Assert.Contains("predicts a number", Fault(Task with { Kind = TaskKind.Regression }), StringComparison.Ordinal);

        string Fault(TaskDescription task) => Assert.Throws<DataException>(() => source.Open(task, 0)).Message;
    }

    [Fact]
    public async System.Threading.Tasks.Task Describe_counts_what_is_trained_on_and_lists_all_ten_classes()
    {
        using var folder = new TestFolder();
        IdxBytes.WriteSet(folder, [4, 7, 4, 7, 4, 7, 4, 7, 4, 7], [8]);
        var summary = (await OpenAsync($"mnist:{folder.Path}")).Describe(0.2);
        Assert.Equal(8, summary.Examples);
        Assert.Equal(10, summary.Labels.Length);
        Assert.Empty(summary.Sums);
    }

    private static System.Threading.Tasks.Task<IDataSource> OpenAsync(string specification) =>
        TestSources.Factory().OpenAsync(DataSpecification.Parse(specification), null, TestContext.Current.CancellationToken);
}
