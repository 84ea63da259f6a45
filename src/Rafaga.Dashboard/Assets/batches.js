// The list of batches: open windows count down, and the list follows them.
import { onNews, stream } from "./windows.js";
import { changed, pausable, show } from "./live.js";

let first = true;
onNews(() => {
  // What the server drew with the page is as fresh as the first news.
  if (first) first = false;
  else changed();
}, show);
pausable(stream);
