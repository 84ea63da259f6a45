using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;

namespace Rafaga.Batching.Redis.Resp;

/// <summary>A socket, with TLS on it if the address asks for that.</summary>
internal sealed class RespTransport : IDisposable
{
    // A peer that went away without a word is noticed within half a minute, even on a connection that only listens.
    private const int KeepAliveAfterSeconds = 15;
    private const int KeepAliveEverySeconds = 5;
    private const int KeepAliveTries = 3;

    private readonly Socket _socket;

    private RespTransport(Socket socket, Stream stream) => (_socket, Stream) = (socket, stream);

    public Stream Stream { get; }

    /// <exception cref="RedisException"><see cref="RedisErrorKind.ConnectionLost"/> or <see cref="RedisErrorKind.Tls"/>.</exception>
    public static async ValueTask<RespTransport> OpenAsync(RespEndpoint server, RespClientOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveAfterSeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveEverySeconds);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveTries);
            await socket.ConnectAsync(server.Host, server.Port, cancellationToken).ConfigureAwait(false);
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            return new RespTransport(socket, options.Url.Tls ? await SecureAsync(stream, server, options, cancellationToken).ConfigureAwait(false) : stream);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is SocketException or IOException) throw RespErrors.Unreachable(server, exception.Message, exception);
            if (exception is AuthenticationException) throw new RedisException(RedisErrorKind.Tls, $"No secure connection to Redis at {server}: {exception.Message}", exception);
            throw;
        }
    }

    /// <summary>Ends what waits on the stream at once; the stream itself must no longer be used.</summary>
    public void Dispose() => _socket.Dispose();

    private static async ValueTask<Stream> SecureAsync(Stream stream, RespEndpoint server, RespClientOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslClientAuthenticationOptions { TargetHost = server.Host };
        options.ConfigureTls?.Invoke(tls);
        var secure = new SslStream(stream);
        try
        {
            await secure.AuthenticateAsClientAsync(tls, cancellationToken).ConfigureAwait(false);
            return secure;
        }
        catch
        {
            await secure.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }
}
