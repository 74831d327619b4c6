using OrleansEdge.EdgeAgent.Commands;

return await CommandRun.Run(AgentCommands.Create(), args.Length == 0 ? ["--help"] : args);
