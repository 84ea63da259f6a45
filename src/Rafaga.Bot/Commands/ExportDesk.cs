using System.Globalization;
using Microsoft.Extensions.Logging;
using Rafaga.Bot.Intake;
using Rafaga.Bot.Resources;
using Rafaga.Telegram;

namespace Rafaga.Bot.Commands;

/// <summary>Brings a person everything that is kept of them, as files in their private chat, beside the intake.</summary>
internal sealed partial class ExportDesk(BackendCommands backend, AnswerSender answers, TelegramClient telegram, TimeProvider time, ILogger<ExportDesk> logger)
{
    /// <summary>Has it packed and sent; the person hears of it before.</summary>
    public void Begin(UpdateOutcome.Command command, Texts texts)
    {
        var begins = Answer.InPrivate(command.Origin, texts.ExportBegins, texts);
        answers.Enqueue(begins.Chat.ChatId, async stop =>
        {
            if (await answers.SendAsync(begins, stop)) await SendAsync(command, begins.Chat, texts, stop);
        });
    }

    private async Task SendAsync(UpdateOutcome.Command command, ChatPlace chat, Texts texts, CancellationToken cancellationToken)
    {
        var day = time.GetUtcNow().ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        int? skip = null;
        for (var part = 1; part == 1 || skip is not null; part++)
        {
            var fetched = await backend.ExportAsync(command.Conversation, skip, cancellationToken);
            await using var file = fetched.File;
            if (file is null)
            {
                await SayAsync(chat, fetched.IsEmpty && part == 1 ? texts.NothingKept : texts.NotNow, cancellationToken);
                return;
            }

            if (part == 1) await ShowUploadAsync(chat, cancellationToken);
            var name = part == 1 && fetched.Next is null ? $"rafaga-{day}.zip" : string.Create(CultureInfo.InvariantCulture, $"rafaga-{day}-{part}.zip");
            try
            {
                await answers.InTurnAsync(chat.ChatId, () => UploadAsync(chat, file, name, cancellationToken), cancellationToken);
            }
            catch (TelegramException e) when (e.ErrorCode == 413 || (e.ErrorCode == 400 && e.Description.Contains("too big", StringComparison.OrdinalIgnoreCase)))
            {
                await SayAsync(chat, texts.ExportTooBig, cancellationToken);
                return;
            }
            catch (Exception e) when (e is TelegramException or IOException)
            {
                LogNotSent(e, part);
                await SayAsync(chat, texts.NotNow, cancellationToken);
                return;
            }

            LogSent(part, file.Length);
            skip = fetched.Next;
        }
    }

    private async Task ShowUploadAsync(ChatPlace chat, CancellationToken cancellationToken)
    {
        try
        {
            await telegram.SendChatActionAsync(chat.ChatId, "upload_document", chat.ThreadId, cancellationToken);
        }
        catch (TelegramException e)
        {
            // The file says it, too.
            LogNotShown(e.Message);
        }
    }

    // A stream of its own for each try: it is read once and closed.
    private Task<Telegram.Types.Message> UploadAsync(ChatPlace chat, FileStream file, string name, CancellationToken cancellationToken)
    {
        var content = new FileStream(file.Name, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return telegram.SendDocumentAsync(new SendFileRequest(chat.ChatId, new InputFile.Upload(content, name, "application/zip")) { MessageThreadId = chat.ThreadId }, cancellationToken);
    }

    private Task<Telegram.Types.Message> SayAsync(ChatPlace chat, string text, CancellationToken cancellationToken) =>
        answers.InTurnAsync(chat.ChatId, () => telegram.SendMessageAsync(chat.ChatId, text, chat.ThreadId, cancellationToken), cancellationToken);

    [LoggerMessage(Level = LogLevel.Information, Message = "[BOT] part {Part} of an export was sent, {Bytes} bytes")]
    private partial void LogSent(int part, long bytes);

    [LoggerMessage(Level = LogLevel.Warning, Message = "[BOT] part {Part} of an export was not sent; the person is told to try again")]
    private partial void LogNotSent(Exception exception, int part);

    [LoggerMessage(Level = LogLevel.Debug, Message = "[BOT] a chat was not shown that a file comes: {Reason}")]
    private partial void LogNotShown(string reason);
}
