namespace Rafaga.Bot;
