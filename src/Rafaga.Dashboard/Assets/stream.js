// Server-sent events that stay connected: again after a failure, and away while nobody looks (browsers allow few connections per server).
const retryAfter = [500, 1000, 2000, 5000];

export function listen(address, handlers, { opened, lost }) {
  let source = null;
  let timer = 0;
  let failures = 0;
  let stopped = false;

  const open = () => {
    source = new EventSource(address);
    source.onopen = () => {
      failures = 0;
      opened?.();
    };
    source.onerror = () => {
      close();
      lost?.();
      timer = setTimeout(open, retryAfter[Math.min(failures++, retryAfter.length - 1)]);
    };
    for (const [name, handle] of Object.entries(handlers)) source.addEventListener(name, (event) => handle(JSON.parse(event.data)));
  };
  const close = () => {
    clearTimeout(timer);
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
