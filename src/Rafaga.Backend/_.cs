namespace Rafaga.Backend;
