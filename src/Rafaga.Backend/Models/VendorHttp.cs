using System.Net;

namespace Rafaga.Backend.Models;

/// <summary>The way to a vendor's server: no redirects (the key would go along), bounded answers, and every error as a <see cref="ModelException"/>.</summary>
/// <remarks>The vendors' own exceptions do not tell how long to wait; the header does.</remarks>
internal sealed class VendorHttp : DelegatingHandler
{
    private const int MaxAnswerBytes = 32 * 1024 * 1024;
    private readonly TimeProvider _time;

    private VendorHttp(TimeProvider time)
        : base(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            AutomaticDecompression = DecompressionMethods.All,
        }) => _time = time;

    /// <summary>A client without a limit of its own: <see cref="PatientChatClient"/> sets it, on the injected clock.</summary>
    public static HttpClient Create(TimeProvider time) => new(new VendorHttp(time)) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            var response = await base.SendAsync(request, cancellationToken);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, cancellationToken);
            if (response.IsSuccessStatusCode) return response;
            using (response)
            {
                var body = await response.Content.ReadAsStringAsync(cancellationToken);
                throw VendorErrors.Read((int)response.StatusCode, response.Headers, body, _time.GetUtcNow());
            }
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            // Of this one answer: the server is there.
            throw new ModelException(ModelFault.Unusable, $"The model's answer is longer than {MaxAnswerBytes / (1024 * 1024)} MB.", inner: e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException && !cancellationToken.IsCancellationRequested)
        {
            throw new ModelException(ModelFault.Unreachable, $"The model's server at {request.RequestUri?.Authority} cannot be reached, or broke off.", inner: e);
        }
    }
}
