using OrleansEdge.Grains.Jobs.Files;

namespace OrleansEdge.Grains.Tests.Jobs;

public sealed class JobFileErrorTests
{
    [Theory]
    [InlineData("rounds: many", "'rounds' must be a whole number from 1 to 100000, not 'many'")]
    [InlineData("rounds: 0", "'rounds' must be a whole number from 1 to 100000, not '0'")]
    [InlineData("rounds: 100001", "'rounds' must be a whole number from 1 to 100000, not '100001'")]
    [InlineData("rounds: 99999999999999999999", "'rounds' must be a whole number from 1 to 100000, not '99999999999999999999'")]
    [InlineData("rounds: 2.5", "'rounds' must be a whole number from 1 to 100000, not '2.5'")]
    [InlineData("rounds: '5'", "'rounds' must be a whole number from 1 to 100000, not the text '5' in quotes")]
    [InlineData("rounds:", "'rounds' must be a whole number from 1 to 100000, not empty")]
    [InlineData("rounds: ~", "'rounds' must be a whole number from 1 to 100000, not empty")]
    [InlineData("rounds: [1, 2]", "'rounds' must be a whole number from 1 to 100000, not a list")]
    [InlineData("rounds: {a: 1}", "'rounds' must be a whole number from 1 to 100000, not a mapping")]
    public void Wrong_number_of_rounds_is_named_with_what_is_allowed(string line, string message) =>
        Assert.Equal([$"job.yaml:4: {message}"], JobFiles.ErrorsOf($"job: digits\nmodel: cnn\ndata: digits\n{line}\n"));

    [Theory]
    [InlineData("deadline: 0s", "'deadline' must be a duration from 1s to 7d: a whole number and s, m, h or d, such as 90s or 5m, not '0s'")]
    [InlineData("deadline: 5", "'deadline' must be a duration from 1s to 7d: a whole number and s, m, h or d, such as 90s or 5m, not '5'")]
    [InlineData("deadline: 999999999d", "'deadline' must be a duration from 1s to 7d: a whole number and s, m, h or d, such as 90s or 5m, not '999999999d'")]
    [InlineData("onMissedQuorum: retry", "'onMissedQuorum' must be one of extend, skip, fail, not 'retry'")]
    [InlineData("quorum: most", "'quorum' must be a whole number from 1 to 100000, or 'all', not 'most'")]
    [InlineData("seed: -1", "'seed' must be a whole number from 0 to 18446744073709551615, not '-1'")]
    [InlineData("task: ranking", "'task' must be one of classification, regression, not 'ranking'")]
    [InlineData("from: digits", "'from' must be a model version written NAME@NUMBER, such as digits@3, not 'digits'")]
    [InlineData("publish: Digits", "'publish' must be a name of 1 to 63 lower-case letters, digits and hyphens that does not begin with a hyphen, not 'Digits'")]
    [InlineData("participants: {fraction: 0}", "'participants.fraction' must be a number from 0.0001 up to 1, not '0'")]
    [InlineData("participants: {fraction: 1e-300}", "'participants.fraction' must be a number from 0.0001 up to 1, not '1e-300'")]
    [InlineData("participants: {fraction: 1.1}", "'participants.fraction' must be a number from 0.0001 up to 1, not '1.1'")]
    [InlineData("participants: {overSelection: 0.9}", "'participants.overSelection' must be a number from 1 up to 10, not '0.9'")]
    [InlineData("participants: some", "'participants' must be a whole number from 1 to 100000, or 'all', not 'some'")]
    [InlineData("training: 3", "'training' must be a mapping with the keys localEpochs, localSteps, batchSize, optimiser, not '3'")]
    [InlineData("training: {optimiser: {momentum: 1}}", "'training.optimiser.momentum' must be a number from 0 to below 1, not '1'")]
    [InlineData("training: {optimiser: {learningRate: .nan}}", "'training.optimiser.learningRate' must be a number above 0 up to 1000, not '.nan'")]
    [InlineData("training: {optimiser: {learningRate: NaN}}", "'training.optimiser.learningRate' must be a number above 0 up to 1000, not 'NaN'")]
    [InlineData("training: {optimiser: rmsprop}", "'training.optimiser' must be one of sgd, adam, not 'rmsprop'")]
    [InlineData("strategy: fedmagic", "'strategy' must be one of fedavg, coordinate-median, krum, trimmed, not 'fedmagic'")]
    [InlineData("strategy: {name: fedmagic, mu: 3}", "'strategy.name' must be one of fedavg, coordinate-median, krum, trimmed, not 'fedmagic'")]
    [InlineData("strategy: {name: krum, byzantine: 1.5}", "'strategy.byzantine' must be a whole number from 0 to 1000, not '1.5'")]
    [InlineData("strategy: {name: trimmed, share: 0.5}", "'strategy.share' must be a number from 0 up to 0.49, not '0.5'")]
    public void Wrong_value_is_named_with_what_is_allowed(string line, string message) =>
        Assert.Equal($"job.yaml:5: {message}", JobFiles.ErrorWith(line + "\n"));

    [Theory]
    [InlineData("resnet")]
    [InlineData("'mlp:'")]
    [InlineData("mlp:0")]
    [InlineData("mlp:64,,32")]
    [InlineData("lenet.onnx")]
    [InlineData(".pt")]
    [InlineData("\"a\\u001bb.pt\"")]
    public void Unknown_network_says_which_there_are(string network) => Assert.StartsWith(
        "job.yaml:2: 'model' must be a network that is built in (2nn, cnn, niid-cnn, logistic, or mlp:",
        Assert.Single(JobFiles.ErrorsOf($"job: digits\nmodel: {network}\ndata: digits\nrounds: 5\n")), StringComparison.Ordinal);

    [Theory]
    [InlineData("round: 3", "unknown key 'round', did you mean 'rounds'? allowed are job, model, publish, ")]
    [InlineData("onmissedquorum: skip", "unknown key 'onmissedquorum', did you mean 'onMissedQuorum'?")]
    [InlineData("epochs: 3", "unknown key 'epochs', did you mean 'training.localEpochs'?")]
    [InlineData("batchSize: 3", "unknown key 'batchSize', did you mean 'training.batchSize'?")]
    [InlineData("batch_size: 3", "unknown key 'batch_size', did you mean 'training.batchSize'?")]
    [InlineData("optimizer: sgd", "unknown key 'optimizer', did you mean 'training.optimiser'?")]
    [InlineData("training: {optimizer: sgd}", "unknown key 'optimizer' in 'training', did you mean 'optimiser'? allowed are localEpochs, localSteps, batchSize, optimiser")]
    [InlineData("training: {optimiser: {lr: 1}}", "unknown key 'lr' in 'training.optimiser', did you mean 'learningRate'?")]
    [InlineData("strategy: {name: krum, byzantin: 1}", "unknown key 'byzantin' in 'strategy', did you mean 'byzantine'? allowed are name, byzantine")]
    [InlineData("colour: red", "unknown key 'colour': allowed are job, model, ")]
    public void Unknown_key_suggests_what_was_meant(string line, string beginning) =>
        Assert.StartsWith("job.yaml:5: " + beginning, JobFiles.ErrorWith(line + "\n"), StringComparison.Ordinal);

    [Fact]
    public void Missing_keys_are_all_named() => Assert.Equal(
        ["job.yaml:2: 'job' is missing", "job.yaml:2: 'data' is missing", "job.yaml:2: 'rounds' is missing", "job.yaml:2: 'model' is missing"],
        JobFiles.ErrorsOf("# only a seed\nseed: 3\n").Select(line => line[..line.IndexOf(": it must be", StringComparison.Ordinal)]));

    [Fact]
    public void All_errors_are_told_in_the_order_of_the_lines()
    {
        var errors = JobFiles.ErrorsOf("rounds: many\njob: UPPER\nmodel: cnn\nwhat: 1\ntraining:\n  batchSize: 0\n  optimiser:\n    momentum: 2\n");

        Assert.Equal(["1", "1", "2", "4", "6", "8"], errors.Select(error => error.Split(':')[1]));
    }

    [Fact]
    public void Duplicate_key_names_both_lines() => Assert.Equal(
        "job.yaml:5: 'rounds' is given twice, first on line 4: keep one of them", JobFiles.ErrorWith("rounds: 6\n"));

    [Fact]
    public void Duplicate_key_in_a_section_is_found_too() => Assert.Equal(
        "job.yaml:7: 'batchSize' is given twice, first on line 6: keep one of them", JobFiles.ErrorWith("training:\n  batchSize: 1\n  batchSize: 1\n"));

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n")]
    public void Empty_file_says_what_a_file_needs(string text) => Assert.Equal(
        ["job.yaml:1: the file is empty: a job file has at least the keys job, model, data and rounds"], JobFiles.ErrorsOf(text));

    [Theory]
    [InlineData("training: {batchSize: 1\nseed: 2\n", "not well-formed YAML: ")]
    [InlineData("a: b: c\n", "not well-formed YAML: ")]
    [InlineData("\tseed: 2\n", "not well-formed YAML: ")]
    [InlineData("seed: \"2\n", "not well-formed YAML: ")]
    public void Broken_yaml_names_the_line(string keys, string beginning)
    {
        var error = JobFiles.ErrorWith(keys);

        Assert.Matches("^job.yaml:[4-7]: " + beginning + "\\w", error);
        Assert.DoesNotContain("\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("just a text", "a job file must be a mapping with the keys job, model, ")]
    [InlineData("- job: a\n", "a job file must be a mapping with the keys job, model, ")]
    public void File_that_is_no_mapping_is_refused(string text, string beginning) =>
        Assert.StartsWith("job.yaml:1: " + beginning, Assert.Single(JobFiles.ErrorsOf(text)), StringComparison.Ordinal);

    [Fact]
    public void Second_document_is_refused() => Assert.Equal(
        "job.yaml:5: a second YAML document begins here: put each job in a file of its own", JobFiles.ErrorWith("---\njob: b\n"));

    [Fact]
    public void Values_are_quoted_short_and_without_terminal_commands()
    {
        var error = JobFiles.ErrorWith($"task: \"\\e[2J{new string('x', 500)}\"\n");

        Assert.DoesNotContain('\u001b', error);
        Assert.InRange(error.Length, 60, 180);
    }

    [Fact]
    public void Very_many_errors_are_counted_not_listed()
    {
        var errors = JobFiles.ErrorsWith(string.Concat(Enumerable.Range(0, 3000).Select(number => $"key{number}: 1\n")));

        Assert.Equal(51, errors.Length);
        Assert.Equal("job.yaml: and 2950 more errors", errors[^1]);
    }

    [Fact]
    public void Exception_has_the_errors_one_by_one()
    {
        var exception = Assert.Throws<JobFileException>(() => JobFiles.ParseWith("seed: x\n"));

        Assert.Equal([new JobFileError(5, "'seed' must be a whole number from 0 to 18446744073709551615, not 'x'")], exception.Errors);
    }
}
