namespace OrleansEdge.Deployment.Tests;

/// <summary>A unit of systemd, or what is added to one: its settings in their order.</summary>
internal sealed class UnitFile
{
    private readonly List<(string Name, string Value)> _settings = [];

    private UnitFile(string file)
    {
        foreach (var line in Repository.Read(file).Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or '[')))
        {
            var parts = line.Split('=', 2);
            Assert.True(parts.Length == 2, $"{file}: '{line}' is no setting.");
            _settings.Add((parts[0], parts[1]));
        }
    }

    /// <summary>Reads a file of <c>infra/systemd</c>.</summary>
    public static UnitFile Read(string name) => new($"infra/systemd/{name}");

    /// <summary>All values of a setting; an empty one takes back those before it, as in systemd.</summary>
    public IReadOnlyList<string> All(string name)
    {
        List<string> values = [];
        foreach (var (_, value) in _settings.Where(setting => setting.Name == name))
        {
            if (value.Length == 0)
            {
                values.Clear();
            }
            else
            {
                values.Add(value);
            }
        }

        return values;
    }

    /// <summary>The one value of a setting.</summary>
    public string One(string name) => Assert.Single(All(name));

    /// <summary>Whether something is set, to whatever.</summary>
    public bool Sets(string name) => _settings.Exists(setting => setting.Name == name);

    /// <summary>The environment.</summary>
    public Dictionary<string, string> Environment => All("Environment").Select(text => text.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);

    /// <summary>The command line, with variables of a file of the environment split into words as systemd splits them.</summary>
    public IReadOnlyList<string> Command(IReadOnlyDictionary<string, string> variables) =>
        [.. One("ExecStart").Split(' ').SelectMany(word => word[0] == '$' ? variables[word[1..]].Split(' ') : [word])];

    /// <summary>A file of the environment.</summary>
    public static Dictionary<string, string> Variables(string name) => Repository.Read($"infra/systemd/{name}").Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('=', 2)).ToDictionary(parts => parts[0], parts => parts[1]);
}
