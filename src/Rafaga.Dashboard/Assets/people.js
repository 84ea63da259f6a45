// Another virtual person, and the way from one to the next by keyboard.
import { fault, post, text } from "./page.js";

const form = document.getElementById("new-person");
const problem = form.querySelector(".problem");

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const body = JSON.stringify({ first_name: form.elements.first_name.value.trim(), language_code: form.elements.language_code.value });
  const response = await post("/simulator/people", body, { "Content-Type": "application/json" }).catch(() => null);
  if (response?.ok) {
    const address = new URL(location.href);
    address.search = new URLSearchParams({ ...Object.fromEntries(address.searchParams), as: (await response.json()).username });
    address.searchParams.delete("before");
    location.assign(address);
    return;
  }
  problem.textContent = response ? await fault(response) : text("SendFailed");
  problem.hidden = false;
});

addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  event.preventDefault();
  const links = [...document.querySelectorAll(".people a")];
  const shown = links.findIndex((link) => link.hasAttribute("aria-current"));
  links.at((shown + (event.key === "ArrowDown" ? 1 : -1)) % links.length).click();
});
