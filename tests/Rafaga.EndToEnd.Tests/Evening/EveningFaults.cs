using Rafaga.Telegram.Simulator.Faults;

namespace Rafaga.EndToEnd.Tests.Evening;

/// <summary>What goes wrong on that evening, spread over its calls and updates.</summary>
internal static class EveningFaults
{
    /// <summary>How often each kind is asked for.</summary>
    public static IReadOnlyDictionary<string, int> Add(FaultScript script, IReadOnlyList<long> chatsThatReorder)
    {
        Dictionary<string, int> asked = [];
        Spread(new Fault(FaultKind.DuplicateUpdate), times: 60, every: 25);
        Spread(new Fault(FaultKind.TooManyRequests) { Method = "sendMessage", RetryAfter = 2 }, times: 15, every: 12);
        Spread(new Fault(FaultKind.CutAfter) { Method = "sendMessage" }, times: 10, every: 20);
        Spread(new Fault(FaultKind.CutBefore) { Method = "sendMessage" }, times: 5, every: 38);
        Spread(new Fault(FaultKind.BadGateway) { Method = "sendMessage" }, times: 5, every: 41);
        Spread(new Fault(FaultKind.TooManyRequests) { Method = "getUpdates", RetryAfter = 1 }, times: 3, every: 12);
        Spread(new Fault(FaultKind.BadGateway) { Method = "getUpdates" }, times: 3, every: 15);
        Spread(new Fault(FaultKind.CutAfter) { Method = "getUpdates" }, times: 4, every: 14);
        Spread(new Fault(FaultKind.TooManyRequests) { Method = "getFile", RetryAfter = 1 }, times: 3, every: 8);
        Spread(new Fault(FaultKind.TooManyRequests) { Method = "setMessageReaction", RetryAfter = 3 }, times: 5, every: 3);
        Spread(new Fault(FaultKind.Error) { Method = "sendChatAction" }, times: 5, every: 30);
        // One after the other of a person's updates is overtaken by those behind it: texts, and members of albums.
        foreach (var chat in chatsThatReorder) Spread(new Fault(FaultKind.DelayUpdate) { ChatId = chat, Update = "message", Seconds = 0.4 }, times: 3, every: 11);
        return asked;

        void Spread(Fault fault, int times, int every)
        {
            var name = fault.Method is { } method ? $"{fault.Kind} {method}" : $"{fault.Kind}";
            asked[name] = asked.GetValueOrDefault(name) + times;
            for (var i = 0; i < times; i++) script.Add(fault with { Skip = every * (i + 1) });
        }
    }
}
