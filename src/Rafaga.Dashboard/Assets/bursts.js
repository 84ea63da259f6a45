// Ready bursts, sent with their real pauses through the same door as everything else.
import { text, url } from "./page.js";
import { post, tell } from "./composer.js";

const menu = document.getElementById("bursts");
const status = document.getElementById("burst-run");
const bursts = JSON.parse(menu.dataset.bursts);
let stop = null;

export function start(sent) {
  for (const button of menu.querySelectorAll("[data-burst]")) {
    button.addEventListener("click", () => {
      menu.hidePopover();
      run(bursts.find((burst) => burst.name === button.dataset.burst), sent);
    });
  }
  status.querySelector("button").addEventListener("click", () => stop?.abort());
}

async function run(burst, sent) {
  stop?.abort();
  const mine = (stop = new AbortController());
  const began = performance.now();
  let done = 0;
  status.hidden = false;
  const show = () => (status.querySelector(".label").textContent = text("BurstRunning", burst.title, done, burst.steps.length));
  show();
  for (const step of burst.steps) {
    // The photos are fetched ahead, so that the pauses stay true.
    const body = await form(step);
    await until(began + step.at * 1000, mine.signal);
    if (mine.signal.aborted) break;
    const wrong = await post(body);
    tell(wrong);
    if (wrong) break;
    done++;
    show();
    sent();
  }
  if (stop !== mine) return;
  status.hidden = true;
  stop = null;
  if (mine.signal.aborted) tell(text("BurstStopped", done, burst.steps.length));
}

async function form(step) {
  const body = new FormData();
  for (const name of step.photos) body.append("photo", await fetch(url(`/samples/${name}`)).then((answer) => answer.blob()), name);
  if (step.text) body.append(step.photos.length ? "caption" : "text", step.text);
  if (step.photos.length > 1) body.append("album", "true");
  return body;
}

function until(moment, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.max(0, moment - performance.now()));
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
