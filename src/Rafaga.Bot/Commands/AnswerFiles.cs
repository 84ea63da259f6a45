using Rafaga.Bot.Intake;
using Rafaga.Contracts;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>How files that Telegram has are sent again: what may stand together as one album, the rest alone.</summary>
internal static class AnswerFiles
{
    private const int MaxAlbum = 10;

    /// <summary>In their order; photos and videos may share an album, documents have one of their own.</summary>
    public static IEnumerable<IReadOnlyList<CommandFile>> Grouped(IReadOnlyList<CommandFile> files) =>
        files.GroupBy(file => file.Kind is "video" ? "photo" : file.Kind)
            .SelectMany(kind => kind.Key is "photo" or "document" ? kind.Chunk(MaxAlbum) : kind.Chunk(1));

    /// <returns>How many were sent.</returns>
    public static async Task<int> SendAsync(TelegramClient telegram, ChatPlace chat, IReadOnlyList<CommandFile> group, CancellationToken cancellationToken)
    {
        if (group is [var file])
        {
            var request = new SendFileRequest(chat.ChatId, new InputFile.Known(file.FileId)) { MessageThreadId = chat.ThreadId, Caption = file.Caption };
            await (file.Kind == "photo" ? telegram.SendPhotoAsync(request, cancellationToken) : telegram.SendDocumentAsync(request, cancellationToken));
        }
        else
        {
            var media = group.Select(item => new InputMedia(item.Kind, new InputFile.Known(item.FileId)) { Caption = item.Caption }).ToList();
            await telegram.SendMediaGroupAsync(new SendMediaGroupRequest(chat.ChatId, media) { MessageThreadId = chat.ThreadId }, cancellationToken);
        }

        return group.Count;
    }
}
