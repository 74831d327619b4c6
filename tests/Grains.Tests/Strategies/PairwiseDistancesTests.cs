using OrleansEdge.Grains.Strategies;

namespace OrleansEdge.Grains.Tests.Strategies;

public class PairwiseDistancesTests
{
    [Fact]
    public void Add_of_a_block_gives_the_squared_distances()
    {
        var deltas = Blocks.Realistic(64, width: 700, seed: 1);
        var distances = Blocks.Distances(deltas);
        for (var left = 0; left < deltas.Length; left++)
        {
            for (var right = 0; right < deltas.Length; right++)
            {
                var expected = deltas[left].Zip(deltas[right]).Sum(pair => Math.Pow((double)pair.First - pair.Second, 2));
                Assert.Equal(expected, distances[left, right], tolerance: 1e-12 * expected);
            }
        }
    }

    [Fact]
    public void Add_of_small_whole_numbers_is_exact()
    {
        var distances = Blocks.Distances([[0f, 0f], [3f, 4f], [-3f, 4f]]);
        Assert.Equal([25.0, 25.0, 36.0], distances.Sums.ToArray());
        Assert.Equal(0, distances[1, 1]);
        Assert.Equal(distances[2, 1], distances[1, 2]);
    }

    [Theory]
    [InlineData(PairwiseDistances.TileWidth)]
    [InlineData(4 * PairwiseDistances.TileWidth)]
    public void Add_of_blocks_of_any_whole_number_of_tiles_gives_identical_bits(int blockWidth)
    {
        var deltas = Blocks.Realistic(5, width: 3001, seed: 2);
        var distances = new PairwiseDistances(5);
        for (var start = 0; start < 3001; start += blockWidth)
        {
            var width = Math.Min(blockWidth, 3001 - start);
            distances.Add(Array.ConvertAll(deltas, delta => (ReadOnlyMemory<float>)delta.AsMemory(start, width)));
        }

        Assert.Equal(Blocks.Distances(deltas).Sums.ToArray(), distances.Sums.ToArray());
    }

    [Fact]
    public void Add_for_participants_in_another_order_gives_identical_bits()
    {
        var deltas = Blocks.Realistic(6, width: 1000, seed: 3);
        int[] order = [4, 0, 5, 2, 1, 3];
        var expected = Blocks.Distances(deltas);
        var permuted = Blocks.Distances(Array.ConvertAll(order, index => deltas[index]));
        for (var left = 0; left < order.Length; left++)
        {
            for (var right = 0; right < order.Length; right++)
            {
                Assert.Equal(expected[order[left], order[right]], permuted[left, right]);
            }
        }
    }

    [Fact]
    public void Add_of_shards_sums_their_partial_distances()
    {
        var total = Blocks.Distances([[0f], [3f], [1f]]);
        total.Add(PairwiseDistances.FromSums(3, Blocks.Distances([[0f], [4f], [0f]]).Sums));
        Assert.Equal([25.0, 1.0, 20.0], total.Sums.ToArray());
    }

    [Fact]
    public void Add_of_another_number_of_updates_is_refused()
    {
        var distances = new PairwiseDistances(3);
        Assert.Throws<ArgumentException>(() => distances.Add(new PairwiseDistances(2)));
        Assert.Throws<ArgumentException>(() => distances.Add(Blocks.Rows([[1f], [2f]])));
        Assert.Throws<ArgumentException>(() => PairwiseDistances.FromSums(3, [1.0]));
    }
}
