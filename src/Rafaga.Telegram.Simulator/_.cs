namespace Rafaga.Telegram.Simulator;
