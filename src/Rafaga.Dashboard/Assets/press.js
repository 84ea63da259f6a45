// Buttons under the bot's messages. What the bot answers in passing comes by the stream of the chat.
import { fault, post, text } from "./page.js";

const chat = document.getElementById("chat");

export function start(log, say) {
  log.addEventListener("click", async (event) => {
    const button = event.target.closest(".press");
    if (!button) return;
    button.disabled = true;
    try {
      const address = `/simulator/chats/${encodeURIComponent(chat.dataset.user)}/messages/${button.dataset.message}/press`;
      const response = await post(address, JSON.stringify({ button: button.dataset.button }), { "Content-Type": "application/json" });
      if (!response.ok) say(await fault(response));
    } catch {
      say(text("SendFailed"));
    } finally {
      // A button that is used up goes with the list; one that stays can be pressed again.
      button.disabled = false;
    }
  });
}
