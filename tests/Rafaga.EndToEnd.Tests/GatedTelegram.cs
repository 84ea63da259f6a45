using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rafaga.Telegram.Simulator;

namespace Rafaga.EndToEnd.Tests;

/// <summary>A Bot API server of the test's own, in whose way a gate stands: replies can be held so that they never arrive.</summary>
internal sealed class GatedTelegram : IAsyncDisposable
{
    public const string Token = "2000000002:a-token-of-the-tests";

    private readonly WebApplication _app;

    private GatedTelegram(WebApplication app, ReplyGate gate)
    {
        _app = app;
        Gate = gate;
        Simulator = app.Services.GetRequiredService<TelegramSimulator>();
        Ana = Simulator.FindPerson("ana")!;
    }

    public ReplyGate Gate { get; }

    public TelegramSimulator Simulator { get; }

    public Person Ana { get; }

    public string Url => _app.Urls.First();

    public static async Task<GatedTelegram> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddTelegramSimulator(new SimulatorOptions { Token = Token });
        var app = builder.Build();
        var gate = new ReplyGate();
        app.Use(gate.PassAsync);
        app.MapTelegramSimulator();
        await app.StartAsync();
        return new GatedTelegram(app, gate);
    }

    public async ValueTask DisposeAsync()
    {
        Gate.LetThrough();
        await _app.DisposeAsync();
    }

    internal sealed class ReplyGate
    {
        private volatile bool _holds;
        private volatile bool _revoked;
        private int _held;
        private int _failures;
        private string _failing = "";

        public int Held => Volatile.Read(ref _held);

        public int FailuresLeft => Math.Max(0, Volatile.Read(ref _failures));

        /// <summary>The next calls of a method are answered with 502 and HTML, as a gateway on the way would.</summary>
        public void FailNext(string method, int times)
        {
            _failing = method;
            Volatile.Write(ref _failures, times);
        }

        /// <summary>The token was revoked with @BotFather: every call is answered as the Bot API does then.</summary>
        public void Revoke() => _revoked = true;

        public void HoldReplies() => _holds = true;

        public void LetThrough() => _holds = false;

        public async Task PassAsync(HttpContext context, RequestDelegate next)
        {
            if (_revoked)
            {
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                await context.Response.WriteAsync("""{"ok":false,"error_code":401,"description":"Unauthorized"}""");
                return;
            }

            if (_failing.Length > 0 && context.Request.Path.Value!.EndsWith(_failing, StringComparison.Ordinal) && Interlocked.Decrement(ref _failures) >= 0)
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                await context.Response.WriteAsync("<html>Bad Gateway</html>");
                return;
            }

            if (!_holds || !context.Request.Path.Value!.EndsWith("/sendMessage", StringComparison.Ordinal))
            {
                await next(context);
                return;
            }

            Interlocked.Increment(ref _held);
            // Held until the sender is gone: what it sent has had no effect.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            context.Abort();
        }
    }
}
