// One batch, for as long as it has not ended: its parts follow what happens to it.
import { url } from "./page.js";
import { listen } from "./stream.js";
import { changed, pausable, show } from "./live.js";

const conversation = document.getElementById("batch-head").dataset.conversation;
if (conversation) {
  const stream = listen(url(`/api/windows/events?chat=${encodeURIComponent(conversation)}`), { windows: changed }, {
    opened: () => show(""),
    lost: () => show("lost"),
    ask: changed,
  });
  pausable(stream);
}
