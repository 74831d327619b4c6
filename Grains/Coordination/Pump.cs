using System.Diagnostics;
using Orleans.Storage;
using OrleansEdge.Grains.Storage;

namespace OrleansEdge.Grains.Coordination;

/// <summary>
/// Takes a grain's steps, one at a time, for as long as there is something to do. Whatever fails is tried again with the next touch.
/// </summary>
/// <param name="grain">Whose steps they are.</param>
/// <param name="step">Takes the next step.</param>
/// <param name="isOver">Whether there are no more steps.</param>
/// <param name="failed">Told of a failure, not again while every step fails for the same reason.</param>
internal sealed class Pump(IGrainBase grain, Func<Task> step, Func<bool> isOver, Action<Exception> failed)
{
    private bool _again;

    /// <summary>The run that goes on, or the last one. Never fails.</summary>
    public Task Running { get; private set; } = Task.CompletedTask;

    /// <summary>Why the last step could not be taken; null where it was.</summary>
    public string? Trouble { get; private set; }

    /// <summary>Makes the running pump take one more step.</summary>
    public void Again() => _again = true;

    /// <summary>Touches the pump: one that runs takes another step when it is done with this one.</summary>
    /// <returns>The run that this touch has begun; nothing to wait for where one was going on.</returns>
    public Task Run()
    {
        _again = true;
        return Running.IsCompleted ? Running = Take() : Task.CompletedTask;
    }

    private async Task Take()
    {
        // What a grain does for itself is not part of the call that happened to set it off, which may belong to another round.
        Activity.Current = null;
        try
        {
            while (_again && !isOver())
            {
                _again = false;
                await step();
                Trouble = null;
            }
        }
        catch (InconsistentStateException)
        {
            // Another activation has written: this one's memory is stale, and the next one reads anew.
            grain.DeactivateOnIdle();
        }
        catch (Exception exception)
        {
            var trouble = StorageTrouble.Find(exception) ?? exception.Message;
            var isNew = Trouble != trouble;
            Trouble = trouble;
            if (isNew)
            {
                failed(exception);
            }
        }
    }
}
