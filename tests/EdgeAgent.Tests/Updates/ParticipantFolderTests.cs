using OrleansEdge.Participation.Updates;

namespace OrleansEdge.EdgeAgent.Tests.Updates;

public sealed class ParticipantFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("orleansedge-folder-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Folder => Path.Combine(_root, "with space", "dev1");

    [Fact]
    public void The_key_is_made_once_and_kept()
    {
        string key;
        using (var first = ParticipantFolder.Open(Folder))
        {
            key = first.InstanceKey;
            Assert.Matches("^[0-9a-f]{64}$", key);
            Assert.True(Directory.Exists(first.Outbox) && Directory.Exists(first.Cache));
        }

        using var second = ParticipantFolder.Open(Folder);
        Assert.Equal(key, second.InstanceKey);
        using var other = ParticipantFolder.Open(Path.Combine(_root, "dev2"));
        Assert.NotEqual(key, other.InstanceKey);
    }

    [Fact]
    public void A_folder_serves_one_agent_at_a_time()
    {
        using var first = ParticipantFolder.Open(Folder);
        var exception = Assert.Throws<ParticipantFolderException>(() => ParticipantFolder.Open(Folder));
        Assert.Contains("another agent runs in the folder", exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("0123")]
    [InlineData("ZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZZ")]
    public void A_damaged_key_is_an_error_and_lets_go_of_the_folder(string key)
    {
        Directory.CreateDirectory(Folder);
        var file = Path.Combine(Folder, "instance.key");
        File.WriteAllText(file, key);
        Assert.Contains("is damaged", Assert.Throws<ParticipantFolderException>(() => ParticipantFolder.Open(Folder)).Message, StringComparison.Ordinal);
        Assert.Equal(key, File.ReadAllText(file));
        File.Delete(file);
        ParticipantFolder.Open(Folder).Dispose();
    }

    [Fact]
    public void A_key_that_was_not_finished_is_made_anew()
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "instance.key.new"), "01");
        using var folder = ParticipantFolder.Open(Folder);
        Assert.Equal(64, folder.InstanceKey.Length);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_one_sentence()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        var message = Assert.Throws<ParticipantFolderException>(() => ParticipantFolder.Open(Path.Combine(file, "dev1"))).Message;
        Assert.Contains("cannot be used", message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    [Fact]
    public void A_lock_that_cannot_be_opened_is_not_taken_for_another_agent()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "agent.lock"));
        var message = Assert.Throws<ParticipantFolderException>(() => ParticipantFolder.Open(Folder)).Message;
        Assert.DoesNotContain("another agent", message, StringComparison.Ordinal);
    }
}
