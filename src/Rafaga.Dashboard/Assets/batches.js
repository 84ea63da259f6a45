// The list of batches: open windows count down, and the list follows them.
import { onNews, stream } from "./windows.js";
import { changed, pausable, show } from "./live.js";

onNews(changed, show);
pausable(stream);
