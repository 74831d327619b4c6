using System.Text;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileHostileTests
{
    private const int Mutants = 10_000;
    private const string LineBreaks = "\n\r\u0085\u2028\u2029";

    [Fact]
    public void File_above_the_limit_is_refused() => Assert.Equal(
        "job.yaml:1: the file is larger than 64 KiB, so it is no job file: check its name", JobFiles.ErrorWith(new string('#', JobFile.MaximumBytes)));

    [Fact]
    public void Limit_counts_bytes_not_characters() => Assert.Equal(
        "job.yaml:1: the file is larger than 64 KiB, so it is no job file: check its name", JobFiles.ErrorWith("#" + new string('é', 40_000)));

    [Fact]
    public void Alias_is_refused_without_being_followed()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var level = 1; level < 60; level++)
        {
            bomb.Append($"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 9))}]\n");
        }

        Assert.Contains("job.yaml:5: anchors ('&name') are not allowed in a job file: write the value where it is used", JobFiles.ErrorsWith(bomb.ToString()));
    }

    [Fact]
    public void Alias_as_a_value_is_one_error() => Assert.Equal(
        "job.yaml:5: aliases ('*name') are not allowed in a job file: write the value out", JobFiles.ErrorWith("seed: *other\n"));

    [Fact]
    public void Tag_is_refused() => Assert.Equal(
        "job.yaml:5: tags ('!name') are not allowed in a job file: leave the tag out", JobFiles.ErrorWith("seed: !!int 3\n"));

    [Theory]
    [InlineData("{a: ", "}")]
    [InlineData("[", "]")]
    [InlineData("? ", "")]
    [InlineData("- ", "")]
    public void Deep_nesting_is_refused_quickly(string open, string close)
    {
        var depth = (JobFile.MaximumBytes - 200) / (open.Length + close.Length);
        Assert.NotEmpty(JobFiles.ErrorsWith("training: " + string.Concat(Enumerable.Repeat(open, depth)) + string.Concat(Enumerable.Repeat(close, depth)) + "\n"));
    }

    [Fact]
    public void Nested_mappings_beyond_the_limit_name_it() => Assert.Contains(
        "job.yaml:5: nested more than 8 levels deep", JobFiles.ErrorsWith("x: {a: {a: {a: {a: {a: {a: {a: {a: {a: 1}}}}}}}}}\n"));

    [Fact]
    public void Mutated_files_raise_nothing_but_job_file_exceptions()
    {
        var random = new Random(20);
        var seeds = JobFiles.Examples.Select(File.ReadAllText).ToArray();
        var (parsed, refused) = (0, 0);
        for (var count = 0; count < Mutants; count++)
        {
            var text = Mutate(seeds[count % seeds.Length], random);
            try
            {
                // What is accepted can be stored and read again.
                var job = JobFiles.Parse(text);
                Assert.Equal(job, JobFiles.Parse(JobFile.Write(job)));
                parsed++;
            }
            catch (JobFileException exception)
            {
                Assert.NotEmpty(exception.Errors);
                Assert.All(exception.Errors, error => Assert.InRange(error.Line, 1, 1 + text.Count(character => LineBreaks.Contains(character))));
                Assert.DoesNotContain(exception.Message, character => character != '\n' && !PrintableText.IsPrintable(character) && character != '\uFFFD');
                refused++;
            }
        }

        Assert.True(parsed > Mutants / 100 && refused > Mutants / 2, $"{parsed} accepted and {refused} refused: the mutations are too mild or too wild");
    }

    private static string Mutate(string text, Random random)
    {
        string[] pieces =
        [
            ":", ": ", "\n", "  ", "\t", "#", "'", "\"", "{", "}", "[", "]", ",", "&a ", "*a", "!!x ", "- ", "? ", "| ", "> ", "%YAML 9\n", "---\n", "...\n", "<<: ",
            "\0", "\u0007", "\ud800", "\u2028", "\uFEFF", "é", "1e999", "-1", "NaN", "~", "null", "\"\\x\"", "\"\\ud800\"", "\"\\U00110000\"", "99999999999999999999", "all", "\r",
        ];
        var mutant = new StringBuilder(text);
        for (var change = random.Next(1, 5); change > 0 && mutant.Length > 0; change--)
        {
            var at = random.Next(mutant.Length);
            switch (random.Next(5))
            {
                case 0:
                    mutant.Remove(at, Math.Min(random.Next(1, 12), mutant.Length - at));
                    break;
                case 1:
                    mutant.Insert(at, pieces[random.Next(pieces.Length)]);
                    break;
                case 2:
                    mutant[at] = (char)random.Next(1, 256);
                    break;
                case 3:
                    mutant.Insert(at, text.AsSpan(random.Next(text.Length / 2), random.Next(1, text.Length / 2)));
                    break;
                default:
                    mutant.Length = random.Next(8) == 0 ? at : mutant.Length;
                    break;
            }
        }

        return mutant.ToString();
    }
}
