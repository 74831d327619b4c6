using System.CommandLine;
using OrleansEdge.Benchmarks;
using OrleansEdge.Benchmarks.Calls;
using OrleansEdge.Benchmarks.Echo;
using OrleansEdge.Benchmarks.Exchange;
using OrleansEdge.Benchmarks.Flood;
using OrleansEdge.Benchmarks.Hierarchy;
using OrleansEdge.Benchmarks.Recovery;
using OrleansEdge.Benchmarks.Stores;

var root = new RootCommand("OrleansEdge's figures, each as a ratio to something measured in the same run.")
{
    FoldBenchmark.Create(),
    TrainBenchmark.Create(),
    RoundsBenchmark.Create(),
    ScaleBenchmark.Create(),
    EndToEndBenchmark.Create(),
    RecoveryBenchmark.Create(),
    AccuracyBenchmark.Create(),
    TierBenchmark.Create(),
    HealingBenchmark.Create(),
    StartBenchmark.Create(),
    ScaleOutBenchmark.Create(),
    StoreBenchmark.Create(),
    FloodBenchmark.Create(),
    TransportBenchmark.Create(),
    CallsBenchmark.Create(),
    EchoAgentCommand.Create(),
    DeviceGroupCommand.Create(),
    FloodCommand.Create(),
    ExchangeLeafCommand.Create(),
};
return await root.Parse(args.Length == 0 ? ["--help"] : args).InvokeAsync();
