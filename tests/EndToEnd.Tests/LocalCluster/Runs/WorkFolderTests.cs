using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.LocalCluster.Runs;

namespace OrleansEdge.EndToEnd.Tests.LocalCluster.Runs;

public sealed class WorkFolderTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("orleansedge-test-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Temporary_folder_is_deleted_at_the_end()
    {
        var work = WorkFolder.Open(null, keep: false);
        File.WriteAllText(work.LogOf("silo"), "x");
        work.Dispose();

        Assert.False(Directory.Exists(work.Path));
    }

    [Fact]
    public void Site_below_the_root_keeps_what_it_has_apart_but_for_logs_and_temporary_files()
    {
        using var work = WorkFolder.Open(null, keep: false);
        using var site = work.Of(SiteName.Parse("harbour"));
        site.Dispose();

        Assert.Equal((Path.Combine(work.Path, "sites", "harbour", "store"), work.Temporary), (site.Store, site.Temporary));
        Assert.NotEqual(work.Faults, site.Faults);
        Assert.All([site.Store, site.Faults, Path.GetDirectoryName(site.LogOf("harbour/silo"))!], path => Assert.True(Directory.Exists(path), path));
        Assert.Equal(Path.Combine(work.Path, "logs", "harbour", "silo.log"), site.LogOf("harbour/silo"));
    }

    [Fact]
    public void Temporary_folder_stays_where_the_user_wants_it()
    {
        var work = WorkFolder.Open(null, keep: true);
        work.Dispose();

        Assert.True(Directory.Exists(work.Store));
        Directory.Delete(work.Path, recursive: true);
    }

    [Fact]
    public void Named_folder_is_made_stays_and_can_be_used_again()
    {
        var path = Path.Combine(folder, "new one");
        WorkFolder.Open(path, keep: false).Dispose();
        WorkFolder.Open(path, keep: false).Dispose();

        Assert.True(Directory.Exists(path));
    }

    [Fact]
    public void Folder_of_something_else_is_refused_and_left_alone()
    {
        var file = Path.Combine(folder, "thesis.txt");
        File.WriteAllText(file, "x");

        Assert.Contains("holds files of something else", Assert.Throws<FormatException>(() => WorkFolder.Open(folder, keep: false)).Message,
            StringComparison.Ordinal);
        Assert.Equal([file], Directory.EnumerateFileSystemEntries(folder));
    }

    [Fact]
    public void Folder_that_cannot_be_written_is_refused_in_a_sentence()
    {
        // Below a file there is no folder, whoever asks, the super-user included.
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "x");

        var message = Assert.Throws<FormatException>(() => WorkFolder.Open(Path.Combine(file, "work"), keep: false)).Message;

        Assert.StartsWith($"The work folder {Path.Combine(file, "work")} cannot be used: ", message, StringComparison.Ordinal);
        Assert.EndsWith("with --work.", message, StringComparison.Ordinal);
    }
}
