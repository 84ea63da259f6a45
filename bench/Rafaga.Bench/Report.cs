using System.Globalization;
using System.Text;
using Rafaga.Bench.Ours;

namespace Rafaga.Bench;

/// <summary>The table: every target with what was measured, then everything else.</summary>
internal sealed class Report(Figures figures)
{
    private readonly StringBuilder _text = new();

    public string Write()
    {
        Line("| measure | measured | target | |");
        Line("|---|---|---|---|");
        Target($"append, {Rig.Tasks} tasks, one connection: share of the ceiling EVALSHA{{RPUSH}}", figures.Ratio(Figure.Append, Figure.ScriptCeiling), "0.00 ×", atLeast: 0.6);
        Target("append: multiple of BullMQ's debounce", figures.Ratio(Figure.Append, Figure.BullDebounce), "0.0 ×", atLeast: 5);
        Target("append, 4,096 tasks, grouped by the store: share of the ceiling", figures.Ratio(Figure.AppendCrowd, Figure.ScriptCeiling), "0.00 ×", atLeast: 1);
        Target("claim + complete, batches of 5 × 1 KB, per second", figures[Figure.Drain], "#,0", atLeast: 15_000);
        Target("claim + complete: batches of 5 per BullMQ job of 1 drained", figures.Ratio(Figure.Drain, Figure.BullDrain), "0.0 ×", atLeast: 2);
        Target("claim + complete: messages per BullMQ job of 1 drained", Drain.Messages * figures.Ratio(Figure.Drain, Figure.BullDrain), "0.0 ×", atLeast: 2);
        Target("due → handler, p50, ms", figures[Figure.LateP50], "0.00", atMost: 1.5);
        Target("due → handler, p99, ms", figures[Figure.LateP99], "0.00", atMost: 5);
        Target("due → handler, earliest, ms", figures[Figure.LateMin], "0.00", atLeast: 0);
        Target("due → handler, many windows open behind, earliest, ms", figures[Figure.LateBehindMin], "0.00", atLeast: 0);
        Target("due → handler, many windows open behind, p99, ms", figures[Figure.LateBehindP99], "0.00", atMost: 15);
        Target("Redis memory, 10,000 conversations × 5 × 1 KB, share of the bodies", figures[Figure.Footprint], "0.00 ×", atMost: 1.45);
        Target("idle worker, commands per second", figures[Figure.IdleCommands], "0.0", atMost: 20);
        Target("idle worker, of a core", figures[Figure.IdleCpu], "0.0 %", atMost: 0.02);
        Target("allocated per append, bytes", figures[Figure.AppendBytes], "#,0", atMost: 1024);
        Target("SQLite append, 64 tasks: multiple of one commit each", figures.Ratio(Figure.SqliteTogether, Figure.SqliteAlone), "0.0 ×", atLeast: 10);
        Target("recovery after kill -9 of the holder, lease of 15 s, s", figures[Figure.RecoverySeconds], "0.0", atMost: 16);
        Target("recovery: attempt that the next holder gets", figures[Figure.RecoveryAttempt], "0", atMost: 1);
        Line("");
        Line("| of the same run | | |");
        Line("|---|---|---|");
        Rates("ceiling, per second: RPUSH · EVALSHA{RPUSH}", Figure.PushCeiling, Figure.ScriptCeiling);
        Rates($"append, per second: {Rig.Tasks} tasks · 4,096 tasks", Figure.Append, Figure.AppendCrowd);
        Pair("redis-server's own time, µs: EVALSHA{RPUSH} · append", Figure.ScriptCeilingServer, Figure.AppendServer, "0.0");
        Pair("redis-server's own time, µs: append of 4,096 tasks · claim + complete of 5 messages", Figure.AppendCrowdServer, Figure.DrainServer, "0.0");
        Rates("BullMQ, per second: add · debounce", Figure.BullAdd, Figure.BullDebounce);
        Rates("drained, per second: batches of 5 here · BullMQ jobs of 1", Figure.Drain, Figure.BullDrain);
        Rates("SQLite append, per second: 64 tasks · one by one", Figure.SqliteTogether, Figure.SqliteAlone);
        Times("due → handler on Redis, ms: p99 · the latest", Figure.LateP99, Figure.LateMax);
        Times("due → handler, many windows behind, ms: p50 · p99", Figure.LateBehindP50, Figure.LateBehindP99);
        Times("due → handler, BullMQ delayed job, ms: p50 · p99", Figure.BullLateP50, Figure.BullLateP99);
        Times("due → handler in memory, ms: p50 · p99", Figure.InMemoryLateP50, Figure.InMemoryLateP99);
        Times("due → consumer, MassTransit Batch<T> in memory, ms: p50 · p99", Figure.MassTransitLateP50, Figure.MassTransitLateP99);
        Pair("idle worker, of a core: the worker · redis-server for it", Figure.IdleCpu, Figure.IdleServerCpu, "0.0 %");
        return _text.ToString();
    }

    private void Target(string measure, double value, string format, double atLeast = double.NegativeInfinity, double atMost = double.PositiveInfinity)
    {
        var (sign, bound) = double.IsFinite(atLeast) ? ("≥", atLeast) : ("≤", atMost);
        if (double.IsNaN(value)) return;
        var mark = value >= atLeast && value <= atMost ? "met" : "**missed**";
        Line($"| {measure} | {value.ToString(format, CultureInfo.InvariantCulture)} | {sign} {bound.ToString(format, CultureInfo.InvariantCulture)} | {mark} |");
    }

    private void Rates(string name, Figure left, Figure right) => Pair(name, left, right, "#,0");

    private void Times(string name, Figure left, Figure right) => Pair(name, left, right, "0.00");

    private void Pair(string name, Figure left, Figure right, string format)
    {
        if (double.IsNaN(figures[left] + figures[right])) return;
        Line($"| {name} | {figures[left].ToString(format, CultureInfo.InvariantCulture)} | {figures[right].ToString(format, CultureInfo.InvariantCulture)} |");
    }

    private void Line(string line) => _text.AppendLine(line);
}
