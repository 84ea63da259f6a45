// A bot made with grammY, as its documentation shows how. By polls, or with WEBHOOK_PORT by a webhook.
import { createHash } from "node:crypto";
import { createServer } from "node:http";
import { Bot, GrammyError, InlineKeyboard, InputFile, webhookCallback } from "grammy";

const { BOT_TOKEN: token, API_ROOT: apiRoot, WEBHOOK_PORT: port, PHOTO: photo } = process.env;
const allowed_updates = ["message", "edited_message", "callback_query", "message_reaction", "my_chat_member"];
const bot = new Bot(token, { client: { apiRoot } });

bot.command("start", (ctx) => ctx.reply("<b>Hi</b> " + ctx.from.first_name, { parse_mode: "HTML", reply_markup: new InlineKeyboard().text("Yes", "yes").text("No", "no") }));
bot.command("album", (ctx) => ctx.replyWithMediaGroup([{ type: "photo", media: new InputFile(photo), caption: "one" }, { type: "photo", media: new InputFile(photo) }]));
bot.command("busy", async (ctx) => {
  try {
    await ctx.reply("at once");
  } catch (error) {
    if (!(error instanceof GrammyError) || error.error_code !== 429) throw error;
    await new Promise((resolve) => setTimeout(resolve, error.parameters.retry_after * 1000));
    await ctx.reply(`after ${error.parameters.retry_after}`);
  }
});
bot.command("wrong", async (ctx) => {
  try {
    await ctx.reply("*not closed", { parse_mode: "MarkdownV2" });
  } catch (error) {
    await ctx.reply(error.description);
  }
});
bot.command("draft", async (ctx) => {
  const sent = await ctx.reply("…");
  await ctx.react("👀");
  await ctx.api.editMessageText(ctx.chat.id, sent.message_id, "done");
});
bot.on("message:photo").filter((ctx) => ctx.message.media_group_id, (ctx) => ctx.reply(`album ${ctx.message.media_group_id} ${ctx.message.message_id}`));
bot.on("message:photo", async (ctx) => {
  const file = await ctx.getFile();
  const response = await fetch(`${apiRoot}/file/bot${token}/${file.file_path}`);
  const bytes = Buffer.from(await response.arrayBuffer());
  await ctx.reply(`photo ${createHash("sha256").update(bytes).digest("hex")}`, { reply_parameters: { message_id: ctx.message.message_id } });
});
bot.on("message:text", (ctx) => ctx.reply(`you said: ${ctx.message.text}`, { reply_parameters: { message_id: ctx.message.message_id } }));
bot.on("edited_message:text", (ctx) => ctx.reply(`you changed it to: ${ctx.editedMessage.text}`));
bot.on("message_reaction", (ctx) => ctx.reply(`reaction ${ctx.messageReaction.new_reaction.map((r) => r.emoji).join(" ")}`));
bot.callbackQuery("yes", async (ctx) => {
  await ctx.answerCallbackQuery("noted");
  await ctx.editMessageText("You said yes");
});
bot.on("my_chat_member", (ctx) => console.log(`standing ${ctx.myChatMember.new_chat_member.status}`));
bot.catch((error) => console.log(`error ${error.message}`));

if (port) {
  const secretToken = "a-secret_of-grammy";
  createServer(webhookCallback(bot, "http", { secretToken })).listen(Number(port), "127.0.0.1", async () => {
    await bot.api.setWebhook(`http://127.0.0.1:${port}/`, { secret_token: secretToken, allowed_updates });
    console.log("ready");
  });
} else {
  await bot.start({ allowed_updates, onStart: () => console.log("ready") });
}
