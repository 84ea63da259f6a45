namespace Rafaga.Testing;
