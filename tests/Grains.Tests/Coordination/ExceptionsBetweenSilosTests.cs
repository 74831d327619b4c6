using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Storage;
using OrleansEdge.Contracts.Content;
using OrleansEdge.Contracts.Identity;
using OrleansEdge.Grains.Coordination;
using OrleansEdge.Grains.Enrolment;
using OrleansEdge.Grains.Jobs.Files;
using OrleansEdge.Grains.Storage;
using OrleansEdge.Grains.Storage.Content;

namespace OrleansEdge.Grains.Tests.Coordination;

/// <summary>What goes wrong in a grain arrives at its caller on another silo as what it was.</summary>
public sealed class ExceptionsBetweenSilosTests
{
    [Fact]
    public void Every_exception_of_this_product_keeps_its_type_and_its_sentence()
    {
        var types = new[] { typeof(BlobStoreException).Assembly, typeof(ContentMissingException).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsAssignableTo(typeof(Exception)) && !type.IsNested)
            .ToList();
        Assert.NotEmpty(types);
        Assert.All(types, type =>
        {
            var copy = Copy(Create(type));
            Assert.Equal((type, Create(type).Message), (copy.GetType(), copy.Message));
        });
    }

    [Fact]
    public void A_state_that_somebody_else_has_written_is_known_as_such_whatever_the_store_said()
    {
        var copy = Copy(new InconsistentStateException("changed.", "stored", "mine", new BlobConflictException("the blob has changed.")));
        Assert.IsType<InconsistentStateException>(copy);
        Assert.IsType<BlobConflictException>(copy.InnerException);
    }

    private static Exception Create(Type type) => type == typeof(JobFileException)
        ? new JobFileException("job.yaml", [new(3, "a sentence.")])
        : type == typeof(EnrolmentRefusedException) ? new EnrolmentRefusedException("a sentence.", isGuess: true)
        : type == typeof(CallRefusedException) ? new CallRefusedException(CallRefusal.NotAllowed, "a sentence.")
        : (Exception)Activator.CreateInstance(type, "a sentence.")!;

    private static Exception Copy(Exception exception)
    {
        using var services = new ServiceCollection().AddSerializer().AddProductExceptions().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        return serializer.Deserialize<Exception>(serializer.SerializeToArray(exception))!;
    }
}
