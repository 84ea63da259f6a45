namespace Rafaga.Worker;
