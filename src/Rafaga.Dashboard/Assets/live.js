// Parts of a page that stay true: when something has changed, the page is fetched again and its marked parts are taken over.
import { text } from "./page.js";
import { showTimes } from "./times.js";

const state = document.getElementById("live");
const line = state?.querySelector(".live-text");
const pause = document.getElementById("pause");
const settle = 300;
let timer = 0;
let running = false;
let again = false;

// Fetches soon; changes that come together are taken together.
export function changed() {
  clearTimeout(timer);
  timer = setTimeout(refresh, settle);
}

export function show(kind) {
  if (!state) return;
  state.className = `live needs-js ${kind}`;
  line.textContent = text({ paused: "Paused", lost: "Reconnecting" }[kind] ?? "Live");
}

// Lets a person hold everything still, to read it.
export function pausable(stream) {
  pause?.addEventListener("click", () => {
    const held = pause.getAttribute("aria-pressed") !== "true";
    pause.setAttribute("aria-pressed", held);
    pause.textContent = text(held ? "Resume" : "Pause");
    if (held) stream.stop();
    else stream.start();
    show(held ? "paused" : "");
    if (!held) changed();
  });
}

async function refresh() {
  if (pause?.getAttribute("aria-pressed") === "true") return;
  if (running) {
    again = true;
    return;
  }
  running = true;
  try {
    const response = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (response.ok) take(new DOMParser().parseFromString(await response.text(), "text/html"));
  } catch {
    // The stream reports a lost connection, and its return refreshes.
  } finally {
    running = false;
    if (again) {
      again = false;
      changed();
    }
  }
}

function take(page) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const fresh = page.getElementById(part.id);
    if (!fresh || part.dataset.seen === fresh.innerHTML) continue;
    // Where the reader stands, and what they have unfolded, stays.
    const focused = part.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    const open = new Set([...part.querySelectorAll("details")].map((fold, i) => (fold.open ? i : -1)));
    part.dataset.seen = fresh.innerHTML;
    part.replaceChildren(...document.importNode(fresh, true).childNodes);
    part.querySelectorAll("details").forEach((fold, i) => (fold.open = open.has(i) || fold.open));
    showTimes(part);
    if (focused) part.querySelector(`[href="${CSS.escape(focused)}"]`)?.focus();
  }
}
