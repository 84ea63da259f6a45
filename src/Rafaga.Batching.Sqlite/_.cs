namespace Rafaga.Batching.Sqlite;
