// Runs before the first paint, so that the chosen theme never flashes.
(() => {
  const root = document.documentElement;
  root.classList.add("js");
  const order = ["auto", "light", "dark"];
  let theme = localStorage.getItem("theme") ?? "auto";
  const show = () => {
    if (theme === "auto") delete root.dataset.theme;
    else root.dataset.theme = theme;
  };
  show();
  addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("theme");
    const texts = JSON.parse(root.dataset.texts);
    const label = () => {
      const text = texts[`Theme${theme[0].toUpperCase()}${theme.slice(1)}`];
      button.title = text;
      button.setAttribute("aria-label", text);
    };
    label();
    button.addEventListener("click", () => {
      theme = order[(order.indexOf(theme) + 1) % order.length];
      localStorage.setItem("theme", theme);
      show();
      label();
    });
  });
})();
