using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Folder;

namespace OrleansEdge.Grains.Tests.Storage;

public sealed class BlobNameTests
{
    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("..")]
    [InlineData("a/../b")]
    [InlineData("./a")]
    public void Path_outside_the_grammar_is_refused_with_a_sentence(string path)
    {
        var exception = Assert.Throws<FormatException>(() => BlobName.Create("grainstate", path));
        Assert.Contains("cannot name a blob", exception.Message);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ab")]
    [InlineData("Upper")]
    [InlineData("a--b")]
    [InlineData("-ab")]
    [InlineData("../a")]
    [InlineData("a/b")]
    public void Container_outside_the_grammar_is_refused_with_a_sentence(string? container)
    {
        var exception = Assert.Throws<FormatException>(() => BlobName.Create(container!, "a"));
        Assert.Contains("cannot name a container", exception.Message);
    }

    // As inline data the lone surrogate would not survive discovery.
    [Fact]
    public void Path_that_is_not_unicode_is_refused() => Assert.Throws<FormatException>(() => BlobName.Create("grainstate", "a\ud800b"));

    [Fact]
    public void Path_is_as_long_as_Azure_takes_it_and_no_longer()
    {
        BlobName.Create("grainstate", new string('Ж', 1024));
        BlobName.Create("grainstate", string.Join('/', Enumerable.Repeat("a", 254)));
        Assert.Throws<FormatException>(() => BlobName.Create("grainstate", new string('a', 1025)));
        Assert.Throws<FormatException>(() => BlobName.Create("grainstate", string.Join('/', Enumerable.Repeat("a", 255))));
        Assert.True(BlobName.TryCreate("grainstate", "a/b", out var name) && name == BlobName.Create("grainstate", "a/b"));
        Assert.False(BlobName.TryCreate("grainstate", "a/", out _));
    }

    [Theory]
    [InlineData("job-job/digits.json", "job-job/digits.json")]
    [InlineData("a", "a~")]
    [InlineData("a~", "a%7E~")]
    [InlineData("a.b/c", "a%2Eb/c~")]
    [InlineData(".lock", "%2Elock~")]
    [InlineData("..a", "%2E.a")]
    [InlineData("Grain/Key+1", "%47rain/%4Bey%2B1~")]
    [InlineData("100%", "100%25~")]
    [InlineData("ж", "%D0%B6~")]
    [InlineData("a\\b:c", "a%5Cb%3Ac~")]
    public void Path_becomes_a_safe_file_name_and_comes_back(string path, string file)
    {
        Assert.Equal(file, BlobFileNames.Encode(path));
        Assert.Equal(path, BlobFileNames.Decode(file));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(".lock")]
    [InlineData("A~")]
    [InlineData("%61~")]
    [InlineData("%zz~")]
    [InlineData("~")]
    public void File_that_no_blob_has_is_passed_over(string file) => Assert.Null(BlobFileNames.Decode(file));

    [Fact]
    public void Encoding_of_generated_paths_is_one_to_one_and_never_makes_a_file_of_a_folder()
    {
        var random = new Random(7);
        const string Alphabet = "aB.~%/ж_-🙂";
        var runes = Alphabet.EnumerateRunes().ToArray();
        var files = new Dictionary<string, string>();
        var folders = new HashSet<string>();
        for (var index = 0; index < 20_000; index++)
        {
            var path = string.Concat(Enumerable.Range(0, random.Next(1, 8)).Select(_ => runes[random.Next(runes.Length)].ToString()));
            try
            {
                BlobName.Create("grainstate", path);
            }
            catch (FormatException)
            {
                continue;
            }

            var file = BlobFileNames.Encode(path);
            Assert.Equal(path, BlobFileNames.Decode(file));
            Assert.Equal(path, files.GetValueOrDefault(file, path));
            files[file] = path;
            for (var slash = file.IndexOf('/'); slash >= 0; slash = file.IndexOf('/', slash + 1))
            {
                folders.Add(file[..slash]);
            }
        }

        Assert.NotEmpty(folders);
        Assert.DoesNotContain(files.Keys, folders.Contains);
    }
}
