// A photo at full size, over the page.
const viewer = document.getElementById("viewer");

document.getElementById("log").addEventListener("click", (event) => {
  const shot = event.target.closest(".shot");
  if (!shot || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  viewer.querySelector("img").src = shot.href;
  viewer.showModal();
});
viewer.addEventListener("click", (event) => event.target === viewer && viewer.close());
