global using Rafaga.Testing;
global using Xunit;
