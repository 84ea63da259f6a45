using Rafaga.Worker.Resources;

namespace Rafaga.Worker;

/// <summary>In which language the worker itself speaks to a person: the one they have chosen, else that of their Telegram.</summary>
internal sealed class Speech(BackendClient backend)
{
    public async Task<Texts> ForAsync(Delivery delivery, CancellationToken cancellationToken) =>
        new(await backend.LanguageAsync(delivery.Batch.Conversation, cancellationToken) ?? Texts.LanguageOf(delivery.Last.LanguageCode));
}
