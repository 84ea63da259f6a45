// The list of messages. The server draws it; this keeps it equal to what the server would draw now.
import { language, text } from "./page.js";

const scroll = document.getElementById("scroll");
const log = document.getElementById("log");
const endButton = document.getElementById("to-end");
const drawn = new Map();
let follows = true;
let top = 0;
// What is live is the newest part, also when the address led to an older one.
const newest = new URL(location.href);
newest.searchParams.delete("before");
history.replaceState(null, "", newest);
for (const item of log.children) drawn.set(item.dataset.key, item.outerHTML);
showTimes(log);
toEnd();

let running = null;
let again = false;

// Fetches the list and takes over what is new or has changed. Calls that come meanwhile are joined into one more.
export function sync() {
  if (running) {
    again = true;
    return running;
  }
  running = fetchList(newest)
    .then(merge)
    .catch(() => {}) // the stream reports a lost connection, and its return syncs again
    .finally(() => {
      running = null;
      if (again) {
        again = false;
        sync();
      }
    });
  return running;
}

export function showTyping(shown) {
  const known = document.getElementById("typing");
  if (!shown) known?.remove();
  if (!shown || known) return;
  const item = document.createElement("li");
  item.id = "typing";
  item.className = "msg in";
  item.setAttribute("aria-hidden", "true");
  item.innerHTML = "<div class='bubble typing'><i></i><i></i><i></i></div>";
  log.append(item);
  if (follows) toEnd();
}

export function toEnd() {
  scroll.scrollTop = scroll.scrollHeight;
}

async function fetchList(address) {
  const response = await fetch(address, { headers: { Accept: "text/html" } });
  if (!response.ok) throw new Error(response.statusText);
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return [...page.getElementById("log").children];
}

function merge(items) {
  const typing = document.getElementById("typing");
  const old = new Map([...log.children].map((item) => [item.dataset.key, item]));
  // Older pages that were loaded above stay; so does their own link to what lies before them.
  const start = items.find((item) => /^m/.test(item.dataset.key))?.dataset.key;
  const loadedAbove = start && old.has(start) && log.querySelector("[data-loaded]");
  let place = loadedAbove ? old.get(start) : log.firstElementChild;
  for (const item of loadedAbove ? items.slice(items.findIndex((i) => i.dataset.key === start)) : items) {
    const key = item.dataset.key;
    const html = item.outerHTML;
    let shown = old.get(key);
    old.delete(key);
    if (!shown || drawn.get(key) !== html) {
      const fresh = prepare(item, !shown);
      if (shown) {
        if (place === shown) place = fresh;
        shown.replaceWith(fresh);
      }
      shown = fresh;
      drawn.set(key, html);
    }
    if (shown === place) place = shown.nextElementSibling;
    else log.insertBefore(shown, place);
  }
  while (place) {
    const next = place.nextElementSibling;
    if (place !== typing) {
      drawn.delete(place.dataset.key);
      place.remove();
    }
    place = next;
  }
  if (typing) log.append(typing);
  if (follows) toEnd();
}

function prepare(item, isNew) {
  const node = document.importNode(item, true);
  showTimes(node);
  if (isNew) node.classList.add("fresh");
  return node;
}

const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;

// The server's clock may stand in another zone than the reader.
function showTimes(node) {
  for (const time of node.querySelectorAll("time[datetime]")) {
    const date = new Date(time.dateTime);
    time.textContent = time.dataset.show === "day" ? day(date) : date.toLocaleTimeString(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  }
}

function day(date) {
  const midnight = (d) => new Date(d.getFullYear(), d.getMonth(), d.getDate());
  const days = Math.round((midnight(new Date()) - midnight(date)) / 864e5);
  if (days === 0) return text("Today");
  if (days === 1) return text("Yesterday");
  return date.toLocaleDateString(language, { day: "numeric", month: "long", year: days > 300 ? "numeric" : undefined });
}

// Pictures that arrive late must not push the end out of sight.
const resized = new ResizeObserver(() => follows && toEnd());
resized.observe(log);
resized.observe(scroll);
scroll.addEventListener("scroll", () => {
  // Only a reader who scrolls up lets go of the end; a list that grew below has not moved.
  follows = atEnd() || (follows && scroll.scrollTop >= top);
  top = scroll.scrollTop;
  endButton.hidden = follows;
}, { passive: true });
endButton.addEventListener("click", toEnd);

log.addEventListener("click", async (event) => {
  const link = event.target.closest(".earlier a");
  if (!link || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  const items = await fetchList(link.href).catch(() => null);
  if (!items) return location.assign(link.href);
  const height = scroll.scrollHeight - scroll.scrollTop;
  const known = new Set([...log.children].map((item) => item.dataset.key));
  link.closest(".earlier").remove();
  const fresh = items.filter((item) => item.dataset.key === "earlier" || !known.has(item.dataset.key)).map((item) => prepare(item, false));
  // A day that both pages name stands above the older part.
  const shared = items.find((item) => item.classList.contains("day") && known.has(item.dataset.key))?.dataset.key;
  const line = shared && log.querySelector(`[data-key="${shared}"]`);
  for (const item of fresh) item.dataset.loaded = "";
  log.prepend(...fresh);
  if (line) {
    const first = items[items.findIndex((item) => item.dataset.key === shared) + 1];
    log.querySelector(`[data-key="${first.dataset.key}"]`).before(line);
  }
  scroll.scrollTop = scroll.scrollHeight - height;
});
