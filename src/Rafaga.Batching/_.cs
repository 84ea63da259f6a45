namespace Rafaga.Batching;
