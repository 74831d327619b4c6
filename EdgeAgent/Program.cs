System.Console.WriteLine("OrleansEdge");
