// What every page but the chat shares: "/" goes to the search, and buttons copy.
import { text } from "./page.js";

const copiedLasts = 1500;

addEventListener("keydown", (event) => {
  const field = document.querySelector("[data-search]");
  if (event.key !== "/" || !field || event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
  event.preventDefault();
  field.focus();
  field.select();
});

addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy], [data-copy-from]");
  if (!button) return;
  const before = button.textContent;
  await navigator.clipboard.writeText(button.dataset.copy ?? document.getElementById(button.dataset.copyFrom).textContent);
  button.textContent = text("Copied");
  setTimeout(() => (button.textContent = before), copiedLasts);
});
