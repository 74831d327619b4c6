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
    private readonly Lock _lock = new();
    private readonly Stack<ITrainer> _idle = [];
    private (ModelSource Source, ContentHash Task) _kind;
    private bool _disposed;

    /// <summary>Borrows a network whose weights are of no account: load some before use.</summary>
    /// <exception cref="ModelException">The network cannot be made.</exception>
    public async Task<Loan> Borrow(
        ModelSource source, string? torchScriptFile, ContentHash taskHash, TaskDescription task, CancellationToken cancellation)
    {
        await _slots.WaitAsync(cancellation);
        try
        {
            var kind = (source, taskHash);
            return new Loan(this, kind, TakeIdle(kind) ?? factory.Create(source, torchScriptFile, task, seed: 0));
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
        lock (_lock)
        {
            _disposed = true;
            DropIdle();
        }

        _slots.Dispose();
    }

    /// <summary>Only networks of the kind that was asked for last are kept.</summary>
    private ITrainer? TakeIdle((ModelSource Source, ContentHash Task) kind)
    {
        lock (_lock)
        {
            if (_kind != kind)
            {
                DropIdle();
                _kind = kind;
            }

            return _idle.TryPop(out var trainer) ? trainer : null;
        }
    }

    private void Return((ModelSource Source, ContentHash Task) kind, ITrainer trainer)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                trainer.Dispose();
                return;
            }

            if (_kind == kind)
            {
                _idle.Push(trainer);
            }
            else
            {
                trainer.Dispose();
            }

            _slots.Release();
        }
    }

    private void DropIdle()
    {
        while (_idle.TryPop(out var trainer))
        {
            trainer.Dispose();
        }
    }

    /// <summary>A borrowed network; given back when disposed.</summary>
    internal sealed class Loan(TrainerPool pool, (ModelSource Source, ContentHash Task) kind, ITrainer trainer) : IDisposable
    {
        private bool _returned;

        /// <summary>The network.</summary>
        public ITrainer Trainer => trainer;

        /// <inheritdoc/>
        public void Dispose()
        {
            if (!_returned)
            {
                _returned = true;
                pool.Return(kind, trainer);
            }
        }
    }
}
