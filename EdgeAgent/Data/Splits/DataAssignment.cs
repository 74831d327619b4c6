namespace OrleansEdge.EdgeAgent.Data.Splits;

/// <summary>The part of a data set that one device holds. Devices with the same split, number of parts and seed hold disjoint parts.</summary>
/// <param name="Split">How the training set is divided; the test set stays whole.</param>
/// <param name="Part">Which part this device holds.</param>
/// <param name="Seed">Seeds the split.</param>
internal sealed record DataAssignment(SplitSpecification Split, Part Part, ulong Seed = SplitSpecification.DefaultSeed);
