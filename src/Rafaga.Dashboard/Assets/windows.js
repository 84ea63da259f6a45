// Live windows: what has been collected, how long until it goes, what is being worked on.
import { count, decimal, post, text, url } from "./page.js";
import { listen } from "./stream.js";

const host = document.getElementById("windows");
const announcer = document.getElementById("announce");
const note = document.getElementById("note");
const noteLasts = 6000;
const chat = host.dataset.chat;
const cards = new Map();
const ended = new Set();
let clock = () => 0; // seconds of the server's time since its last word
let state = null;
let tick = 0;

const news = new Set();
const states = new Set();

export const onEnded = (handle) => ended.add(handle);
// Something has changed; and whether the connection stands.
export const onNews = (handle, state) => {
  news.add(handle);
  states.add(state);
};

const query = chat ? `?chat=${chat}` : "";
export const stream = listen(url(`/api/windows/events${query}`), { windows: take }, {
  opened: () => states.forEach((state) => state("")),
  lost: () => states.forEach((state) => state("lost")),
  ask: async () => {
    const response = await fetch(url(`/api/windows${query}`));
    if (!response.ok) throw new Error(response.statusText);
    take(await response.json());
  },
});

function take(told) {
  const received = performance.now();
  clock = () => (performance.now() - received) / 1000;
  const before = state;
  state = told;

  const present = new Set(told.windows.map((window) => window.id));
  for (const [id, card] of cards) {
    if (present.has(id)) continue;
    card.node.remove();
    cards.delete(id);
  }
  // Oldest first: what is being worked on stands above what still collects.
  for (const window of told.windows.toReversed()) show(window);
  clearInterval(tick);
  if (told.windows.length > 0) tick = setInterval(draw, 100);
  draw();
  announce(before, told);
  news.forEach((handle) => handle());
  if (before?.windows.some((window) => !present.has(window.id))) ended.forEach((handle) => handle());
}

function show(window) {
  const kind = window.state === "open" ? "open" : "busy";
  let card = cards.get(window.id);
  if (card?.kind !== kind) {
    card?.node.remove();
    const node = document.getElementById(`window-${kind}`).content.firstElementChild.cloneNode(true);
    card = { kind, node, shown: 0 };
    cards.set(window.id, card);
    if (kind === "open") bind(node, window);
  }
  host.append(card.node);
  card.window = window;
  const who = card.node.querySelector(".who");
  who.hidden = Boolean(chat);
  who.replaceChildren(link(window));
  who.title = window.conversation;
  if (kind === "busy") return;

  const chips = card.node.querySelector(".chips");
  for (const message of window.messages.slice(card.shown)) chips.append(chip(message));
  if (card.shown > 0 && window.messages.length > card.shown) {
    card.node.classList.remove("restarted");
    requestAnimationFrame(() => card.node.classList.add("restarted"));
  }
  if (window.messages.length > card.shown) chips.scrollLeft = chips.scrollWidth;
  card.shown = window.messages.length;
  card.node.querySelector(".count").textContent = count("Messages", window.message_count);
  card.node.querySelector(".restarts").textContent = window.restarts > 0 ? count("Restarts", window.restarts) : "";
}

function link(window) {
  const anchor = document.createElement("a");
  anchor.href = url(`/batches/${window.id}`);
  anchor.textContent = window.name ?? window.conversation;
  return anchor;
}

function bind(node, window) {
  const target = encodeURIComponent(chat ?? window.conversation);
  const act = async (event, verb) => {
    event.target.disabled = true;
    // A window that closed by itself in the meantime answers 404: nothing is left to do, and the stream shows it.
    const response = await post(`/api/windows/${target}/${verb}`).catch(() => null);
    event.target.disabled = false;
    if (response?.ok && verb === "cancel") tell(count("Cancelled", (await response.json()).messages));
  };
  node.querySelector(".flush").addEventListener("click", (event) => act(event, "flush"));
  node.querySelector(".cancel").addEventListener("click", (event) => act(event, "cancel"));
}

let noted = 0;
function tell(line) {
  note.textContent = line;
  clearTimeout(noted);
  noted = setTimeout(() => (note.textContent = ""), noteLasts);
}

function chip(message) {
  const item = document.createElement("li");
  if (message.photo_url) {
    const picture = document.createElement("img");
    picture.src = url(message.photo_url);
    picture.alt = message.text ?? text("PhotoChip");
    item.append(picture);
    return item;
  }
  const label = document.createElement("span");
  label.textContent = message.text ?? text(`${message.kind[0].toUpperCase()}${message.kind.slice(1)}Chip`);
  item.append(label);
  return item;
}

function draw() {
  for (const { kind, node, window } of cards.values()) {
    const left = Math.max(0, window.seconds_left - clock());
    if (kind === "busy") {
      node.querySelector(".headline").textContent = busy(window, left);
      continue;
    }
    const cap = Math.max(0, window.max_wait_left - clock());
    node.querySelector(".seconds").textContent = Math.ceil(left);
    node.querySelector(".left").style.strokeDashoffset = 100 - 100 * Math.min(1, left / state.quiet_seconds);
    node.querySelector(".closes").textContent = left === 0 ? text("Closing") : text(window.close_reason ? "FullGoes" : "ClosesIn", decimal(left));
    node.querySelector(".cap").textContent = text("CapLeft", Math.ceil(cap));
    node.querySelector("progress").value = cap / state.max_wait_seconds;
  }
}

function busy(window, left) {
  if (window.state === "leased") return count("Working", window.message_count);
  return window.state === "retry" ? text("Retrying", window.attempt, Math.ceil(left)) : count("Queued", window.message_count);
}

// For people who listen: a word when something was collected or work begins, never the running seconds.
function announce(before, now) {
  const summary = (s) => s?.windows.map((w) => `${w.id}${w.state}${w.message_count}`).join();
  if (!chat || summary(before) === summary(now)) return;
  const open = now.windows.find((w) => w.state === "open");
  const working = now.windows.find((w) => w.state === "leased");
  announcer.textContent = open ? count("Collected", open.message_count) : working ? count("Working", working.message_count) : "";
}
