// A bot made with Telegraf, as its documentation shows how. By polls, or with WEBHOOK_PORT by a webhook, where it answers some updates in the response itself.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { Input, Markup, Telegraf, TelegramError } from "telegraf";
import { message } from "telegraf/filters";

const { BOT_TOKEN: token, API_ROOT: apiRoot, WEBHOOK_PORT: port, PHOTO: photo } = process.env;
const allowedUpdates = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"];
const bot = new Telegraf(token, { telegram: { apiRoot } });

bot.start((ctx) => ctx.replyWithHTML("<b>Hi</b> " + ctx.from.first_name, Markup.inlineKeyboard([Markup.button.callback("Yes", "yes"), Markup.button.callback("No", "no")])));
bot.command("album", (ctx) => ctx.replyWithMediaGroup([{ type: "photo", media: Input.fromLocalFile(photo), caption: "one" }, { type: "photo", media: Input.fromLocalFile(photo) }]));
bot.command("busy", async (ctx) => {
  try {
    await ctx.telegram.sendMessage(ctx.chat.id, "at once");
  } catch (error) {
    if (!(error instanceof TelegramError) || error.code !== 429) throw error;
    await new Promise((resolve) => setTimeout(resolve, error.parameters.retry_after * 1000));
    await ctx.telegram.sendMessage(ctx.chat.id, `after ${error.parameters.retry_after}`);
  }
});
bot.command("wrong", async (ctx) => {
  try {
    await ctx.telegram.sendMessage(ctx.chat.id, "*not closed", { parse_mode: "MarkdownV2" });
  } catch (error) {
    await ctx.reply(error.description);
  }
});
bot.command("draft", async (ctx) => {
  const sent = await ctx.telegram.sendMessage(ctx.chat.id, "…");
  await ctx.react("👀");
  await ctx.telegram.editMessageText(ctx.chat.id, sent.message_id, undefined, "done");
});
bot.on(message("photo"), async (ctx) => {
  if (ctx.message.media_group_id) return ctx.reply(`album ${ctx.message.media_group_id} ${ctx.message.message_id}`);
  const link = await ctx.telegram.getFileLink(ctx.message.photo.at(-1).file_id);
  const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
  return ctx.reply(`photo ${createHash("sha256").update(bytes).digest("hex")}`, { reply_parameters: { message_id: ctx.message.message_id } });
});
bot.on(message("text"), (ctx) => ctx.reply(`you said: ${ctx.message.text}`, { reply_parameters: { message_id: ctx.message.message_id } }));
bot.on("edited_message", (ctx) => ctx.reply(`you changed it to: ${ctx.editedMessage.text}`));
bot.on("message_reaction", (ctx) => ctx.reply(`reaction ${ctx.messageReaction.new_reaction.map((r) => r.emoji).join(" ")}`));
bot.action("yes", async (ctx) => {
  await ctx.answerCbQuery("noted");
  await ctx.editMessageText("You said yes");
});
bot.on("my_chat_member", (ctx) => console.log(`standing ${ctx.myChatMember.new_chat_member.status}`));
bot.catch((error) => console.log(`error ${error.message}`));

if (port) {
  const secretToken = "a-secret_of-telegraf";
  createServer(bot.webhookCallback("/", { secretToken })).listen(Number(port), "127.0.0.1", async () => {
    await bot.telegram.setWebhook(`http://127.0.0.1:${port}/`, { secret_token: secretToken, allowed_updates: allowedUpdates });
    console.log("ready");
  });
} else {
  await bot.launch({ allowedUpdates }, () => console.log("ready"));
}
