// Server-sent events that stay connected: again after a failure, and away while nobody looks (browsers allow few connections per server).
// Some proxies hold answers back until they are whole, and let no event through: then the page asks by itself.
const retryAfter = [500, 1000, 2000, 5000];
const firstEventWithin = 5000;
const askEvery = 2000;

export function listen(address, handlers, { opened, lost, ask }) {
  let source = null;
  let timer = 0;
  let waiting = 0;
  let failures = 0;
  let stopped = false;
  let heldBack = false;
  let asking = null;

  const open = () => {
    if (heldBack) return askOn((asking = {}));
    source = new EventSource(address);
    waiting = setTimeout(() => {
      heldBack = true;
      close();
      open();
    }, firstEventWithin);
    source.onopen = () => {
      failures = 0;
      opened?.();
    };
    source.onerror = () => {
      close();
      lost?.();
      timer = setTimeout(open, retryAfter[Math.min(failures++, retryAfter.length - 1)]);
    };
    for (const [name, handle] of Object.entries({ hello: () => {}, ...handlers })) {
      source.addEventListener(name, (event) => {
        clearTimeout(waiting);
        handle(JSON.parse(event.data));
      });
    }
  };
  const askOn = async (mine) => {
    let up = false;
    while (asking === mine) {
      try {
        await ask();
        if (!up && asking === mine) opened?.();
        up = true;
      } catch {
        if (asking === mine) lost?.();
        up = false;
      }
      await new Promise((resolve) => setTimeout(resolve, askEvery));
    }
  };
  const close = () => {
    clearTimeout(timer);
    clearTimeout(waiting);
    asking = null;
    source?.close();
    source = null;
  };

  document.addEventListener("visibilitychange", () => {
    close();
    if (!document.hidden && !stopped) open();
  });
  addEventListener("pagehide", close);
  addEventListener("pageshow", (event) => event.persisted && !stopped && open());
  if (!document.hidden) open();
  return {
    start: () => {
      stopped = false;
      close();
      open();
    },
    stop: () => {
      stopped = true;
      close();
    },
  };
}
