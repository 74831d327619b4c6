using Microsoft.Extensions.Configuration;
using OrleansEdge.Silo.Hosting.Storage;

namespace OrleansEdge.Silo.Tests.Hosting.Storage;

public sealed class StoreLocationTests
{
    [Fact]
    public void Store_is_a_folder_an_account_by_connection_string_or_an_account_by_address()
    {
        Assert.Equal(new StoreFolder(Path.GetFullPath("store")), StoreLocation.Parse("store"));
        Assert.Equal(new StoreFolder(Path.GetFullPath("azure")), StoreLocation.Parse("./azure"));
        Assert.Equal(new AzureConnection(), StoreLocation.Parse("azure"));
        Assert.Equal(new AzureAccount(new Uri("https://edge.blob.core.windows.net")), StoreLocation.Parse("https://edge.blob.core.windows.net"));
    }

    [Theory]
    [InlineData("", "--store is empty")]
    [InlineData("http://edge.blob.core.windows.net", "is not the address of a storage account")]
    [InlineData("https://edge.blob.core.windows.net/container", "is not the address of a storage account")]
    [InlineData("redis://localhost", "is not the address of a storage account")]
    [InlineData("https://edge.blob.core.windows.net?sv=2026&sig=SECRET", "credential in the address")]
    [InlineData("https://user:SECRET@edge.blob.core.windows.net", "credential in the address")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=edge;AccountKey=SECRET", "everyone on this machine could read")]
    [InlineData("BlobEndpoint=https://edge.blob.core.windows.net;SharedAccessSignature=SECRET", "everyone on this machine could read")]
    public void Anything_else_is_refused_in_one_sentence_without_its_secret(string text, string part)
    {
        var exception = Assert.Throws<FormatException>(() => StoreLocation.Parse(text));
        Assert.Contains(part, exception.Message);
        Assert.DoesNotContain("SECRET", exception.Message);
    }

    [Fact]
    public void Text_that_is_too_long_is_refused_and_not_repeated() => Assert.StartsWith(
        "--store has 100000 characters, and 4096 are enough:",
        Assert.Throws<FormatException>(() => StoreLocation.Parse(new string('x', 100_000))).Message, StringComparison.Ordinal);

    [Fact]
    public void Connection_string_comes_from_the_environment_a_file_or_the_configuration()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "from the file\n");
            var settings = new Dictionary<string, string?> { ["ConnectionStrings:Store"] = "from the configuration" };
            Assert.Equal("from the configuration", StoreConnection.Read(Configuration(settings)));
            settings[StoreConnection.FileVariable] = file;
            Assert.Equal("from the file", StoreConnection.Read(Configuration(settings)));
            settings[StoreConnection.Variable] = "from the environment";
            Assert.Equal("from the environment", StoreConnection.Read(Configuration(settings)));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void Missing_connection_string_and_unreadable_file_are_named()
    {
        Assert.Contains(StoreConnection.Variable, Assert.Throws<FormatException>(() => StoreConnection.Read(Configuration([]))).Message);
        var exception = Assert.Throws<FormatException>(() => StoreConnection.Read(Configuration(new() { [StoreConnection.FileVariable] = "/nowhere/secret" })));
        Assert.StartsWith("The file '/nowhere/secret'", exception.Message);
    }

    private static IConfiguration Configuration(Dictionary<string, string?> settings) => new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
}
