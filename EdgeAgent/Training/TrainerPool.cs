using System.Collections.Concurrent;
using OrleansEdge.Contracts.Data;
using OrleansEdge.Contracts.Identifiers;
using OrleansEdge.Contracts.Models;

namespace OrleansEdge.EdgeAgent.Training;

/// <summary>
/// Lends networks to the participants of a process: at most as many at once as given, each used by one participant at a time and kept for the
/// next one with the same network and task.
/// </summary>
/// <param name="factory">Makes networks.</param>
/// <param name="capacity">How many may be in use at once: one for each processor is right, since each trains on one thread.</param>
internal sealed class TrainerPool(ITrainerFactory factory, int capacity) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(capacity);
    private readonly ConcurrentDictionary<(ModelSource Source, ContentHash Task), ConcurrentBag<ITrainer>> _idle = [];

    /// <summary>Borrows a network whose weights are of no account: load some before use.</summary>
    /// <exception cref="ModelException">The network cannot be made.</exception>
    public async Task<Loan> Borrow(
        ModelSource source, string? torchScriptFile, ContentHash taskHash, TaskDescription task, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var bag = BagOf(source, taskHash);
            return new Loan(this, bag, bag.TryTake(out var trainer) ? trainer : factory.Create(source, torchScriptFile, task, seed: 0));
        }
        catch
        {
            _slots.Release();
            throw;
        }
    }

    /// <summary>Makes a network that is not shared, with weights from a seed.</summary>
    /// <exception cref="ModelException">The network cannot be made.</exception>
    public ITrainer Create(ModelSource source, string? torchScriptFile, TaskDescription task, ulong seed) =>
        factory.Create(source, torchScriptFile, task, seed);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var trainer in _idle.Values.SelectMany(bag => bag))
        {
            trainer.Dispose();
        }

        _slots.Dispose();
    }

    /// <summary>Only the networks of the current job's kind are kept.</summary>
    private ConcurrentBag<ITrainer> BagOf(ModelSource source, ContentHash task)
    {
        foreach (var other in _idle.Keys.Where(key => key != (source, task)))
        {
            if (_idle.TryRemove(other, out var bag))
            {
                foreach (var trainer in bag)
                {
                    trainer.Dispose();
                }
            }
        }

        return _idle.GetOrAdd((source, task), _ => []);
    }

    /// <summary>A borrowed network; given back when disposed.</summary>
    internal sealed class Loan(TrainerPool pool, ConcurrentBag<ITrainer> bag, ITrainer trainer) : IDisposable
    {
        /// <summary>The network.</summary>
        public ITrainer Trainer => trainer;

        /// <inheritdoc/>
        public void Dispose()
        {
            bag.Add(trainer);
            pool._slots.Release();
        }
    }
}
