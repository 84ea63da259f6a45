// The photos that are about to be sent: picked, dropped or pasted, checked by their first bytes, shown with a way to take them back.
import { decimal, text } from "./page.js";

const maxBytes = 10 * 1024 * 1024;
const maxPhotos = 10;
const signatures = [/^\xff\xd8\xff/, /^\x89PNG\r\n\x1a\n/, /^GIF8/, /^RIFF....WEBP/s];

const form = document.getElementById("composer");
const tray = form.querySelector(".tray");
const list = tray.querySelector("ul");
const album = tray.querySelector(".album");
let photos = [];

export const chosen = () => photos.map((photo) => photo.file);
export const asAlbum = () => photos.length > 1 && album.querySelector("input").checked;

// Takes what are photos, and says in one line what is wrong with the others.
export async function add(files) {
  const faults = new Set();
  for (const file of files) {
    const fault = photos.length >= maxPhotos ? text("TooMany", maxPhotos) : await check(file);
    if (fault) faults.add(fault);
    else photos.push({ file, preview: URL.createObjectURL(file) });
  }
  draw();
  return [...faults].join(" ");
}

// What was picked while others were on their way stays.
export function remove(files) {
  for (const photo of photos.filter((photo) => files.includes(photo.file))) URL.revokeObjectURL(photo.preview);
  photos = photos.filter((photo) => !files.includes(photo.file));
  draw();
}

async function check(file) {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 16).arrayBuffer()));
  if (!signatures.some((signature) => signature.test(head))) return text("NotAnImage", file.name);
  return file.size > maxBytes ? text("PhotoTooBig", file.name, decimal(file.size / 1024 / 1024)) : null;
}

function draw() {
  tray.hidden = photos.length === 0;
  album.hidden = photos.length < 2;
  list.replaceChildren(...photos.map(thumbnail));
  const field = form.elements.text;
  field.dataset.plain ??= field.placeholder;
  field.placeholder = photos.length ? field.dataset.caption : field.dataset.plain;
}

function thumbnail(photo) {
  const item = document.createElement("li");
  const picture = document.createElement("img");
  picture.src = photo.preview;
  picture.alt = photo.file.name;
  const remove = document.createElement("button");
  remove.type = "button";
  remove.title = text("RemovePhoto", photo.file.name);
  remove.setAttribute("aria-label", remove.title);
  remove.append(document.querySelector("#viewer .icon").cloneNode(true));
  remove.addEventListener("click", () => {
    URL.revokeObjectURL(photo.preview);
    photos = photos.filter((other) => other !== photo);
    draw();
    form.elements.text.focus();
  });
  item.append(picture, remove);
  return item;
}
