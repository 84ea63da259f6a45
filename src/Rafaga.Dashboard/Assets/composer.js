// Writing: Enter sends, Shift+Enter breaks the line; photos by picker, drop and paste.
import { fault, post as postForm, text } from "./page.js";
import * as photos from "./photos.js";

const form = document.getElementById("composer");
const chat = document.getElementById("chat");
const field = form.elements.text;
const problem = form.querySelector(".problem");
const draft = `draft:${chat.dataset.user}`;

// Sends one form to the simulated chat as the person shown; gives back what is wrong, or null.
export async function post(body) {
  try {
    const response = await postForm(`/simulator/chats/${encodeURIComponent(chat.dataset.user)}/messages`, body);
    return response.ok ? null : await fault(response);
  } catch {
    return text("SendFailed");
  }
}

export function tell(line) {
  problem.textContent = line ?? "";
  problem.hidden = !line;
}

export function start(sent) {
  field.value = sessionStorage.getItem(draft) ?? "";
  fit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(sent);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    form.requestSubmit();
  });
  field.addEventListener("input", () => {
    sessionStorage.setItem(draft, field.value);
    fit();
  });
  form.elements.photo.addEventListener("change", async (event) => {
    await take([...event.target.files]);
    event.target.value = "";
  });
  addEventListener("paste", (event) => {
    const files = [...(event.clipboardData?.files ?? [])];
    if (files.length === 0) return;
    event.preventDefault();
    take(files);
  });
  acceptDrops();
}

let again = false;

async function send(sent) {
  const written = field.value.trim();
  const files = photos.chosen();
  if (!written && files.length === 0) return;
  // Whoever is faster than the line is sent as soon as it is free.
  if (form.classList.contains("sending")) {
    again = true;
    return;
  }

  const body = new FormData();
  for (const file of files) body.append("photo", file, file.name);
  if (written) body.append(files.length ? "caption" : "text", written);
  if (photos.asAlbum()) body.append("album", "true");
  form.classList.add("sending");
  const wrong = await post(body);
  form.classList.remove("sending");
  tell(wrong);
  if (wrong) {
    again = false;
    return;
  }
  // What was typed while this was on its way stays.
  field.value = field.value.trim() === written ? "" : field.value;
  sessionStorage.setItem(draft, field.value);
  photos.remove(files);
  fit();
  field.focus();
  sent();
  if (again) {
    again = false;
    send(sent);
  }
}

async function take(files) {
  tell(await photos.add(files));
  field.focus();
}

function acceptDrops() {
  let depth = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const mark = (shown) => chat.classList.toggle("drop", shown);
  chat.addEventListener("dragenter", (event) => hasFiles(event) && mark(++depth > 0));
  chat.addEventListener("dragleave", (event) => hasFiles(event) && mark(--depth > 0));
  // Everywhere: a picture that misses must not replace the page.
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    mark(false);
    take([...event.dataTransfer.files]);
  });
}

// For browsers without field-sizing.
function fit() {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight}px`;
}
