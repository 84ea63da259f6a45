// Times in the reader's zone: how long ago, kept true while the page stands, and exactly on hover.
import { language, text } from "./page.js";

const exact = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const every = 5000;

export function showTimes(node) {
  for (const time of node.querySelectorAll("time[data-show=ago], time[data-show=moment]")) {
    const date = new Date(time.dateTime);
    time.title = exact.format(date);
    time.textContent = time.dataset.show === "ago" ? ago((Date.now() - date) / 1000) : time.title;
  }
}

function ago(seconds) {
  if (seconds < 2) return text("AgoNow");
  if (seconds < 60) return text("AgoSeconds", Math.floor(seconds));
  if (seconds < 3600) return text("AgoMinutes", Math.floor(seconds / 60));
  return seconds < 48 * 3600 ? text("AgoHours", Math.floor(seconds / 3600)) : text("AgoDays", Math.floor(seconds / 86400));
}

showTimes(document);
setInterval(() => document.hidden || showTimes(document), every);
