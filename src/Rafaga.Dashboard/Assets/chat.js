// The chat page: puts the parts together.
import { text, url } from "./page.js";
import { listen } from "./stream.js";
import * as log from "./log.js";
import * as composer from "./composer.js";
import * as bursts from "./bursts.js";
import * as press from "./press.js";
import { onEnded } from "./windows.js";
import "./people.js";
import "./viewer.js";

const chat = document.getElementById("chat");
const presence = document.getElementById("presence");
const idle = presence.textContent;
// Telegram shows "typing" for five seconds after each sign.
const typingLasts = 5500;
const passingLasts = 4000;
let typing = 0;
let passing = 0;

const say = (line, kind = "") => {
  presence.textContent = line;
  presence.className = `presence ${kind}`;
};

// A line that the bot says to a press, for a moment.
function pass(line) {
  clearTimeout(passing);
  say(line, "busy");
  passing = setTimeout(() => say(idle), passingLasts);
}

function stopTyping() {
  clearTimeout(typing);
  log.showTyping(false);
  say(idle);
}

listen(url(`/simulator/chats/${encodeURIComponent(chat.dataset.user)}/events`), {
  message: (message) => {
    if (message.is_bot) stopTyping();
    log.sync();
  },
  typing: () => {
    clearTimeout(typing);
    typing = setTimeout(stopTyping, typingLasts);
    log.showTyping(true);
    say(text("Typing"), "busy");
  },
  edited: () => log.sync(),
  deleted: () => log.sync(),
  answered: (answer) => answer.text && pass(answer.text),
}, {
  // Whatever came while nobody listened.
  opened: () => {
    say(idle);
    log.sync();
  },
  lost: () => say(text("Reconnecting"), "lost"),
  ask: () => log.sync(),
});

// The turn's note stands under the reply as soon as its batch has ended.
onEnded(log.sync);
const sent = () => log.sync().then(log.toEnd);
composer.start(sent);
press.start(document.getElementById("log"), pass);
bursts.start(log.sync);
