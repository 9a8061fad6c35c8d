const types = ['container', 'operation', 'backup', 'usage', 'host'] as const;
const channelName = 'berth-events';
const lockName = 'berth-events-leader';

type Handlers = {
  onEvent: (event: unknown) => void;
  /** `missed` is true when the stream comes back after it was lost. */
  onConnection: (up: boolean, missed: boolean) => void;
  /** The session is over. */
  onEnded: () => void;
};
type Message = { kind: 'event'; event: unknown } | { kind: 'connection'; up: boolean } | { kind: 'ended' };

/**
 * One stream per browser: the tab that gets the lock reads it and tells the others; when that tab closes, the next one
 * takes over. Without locks (an insecure origin) every tab reads for itself. Returns what ends it.
 */
export function openStream({ onEvent, onConnection, onEnded }: Handlers): () => void {
  const ended = new AbortController();
  const channel = typeof BroadcastChannel === 'undefined' ? null : new BroadcastChannel(channelName);
  let wasDown = false;

  const report = (message: Message) => {
    if (ended.signal.aborted) return;
    if (message.kind === 'event') return onEvent(message.event);
    if (message.kind === 'ended') return onEnded();
    onConnection(message.up, message.up && wasDown);
    wasDown = !message.up;
  };
  if (channel !== null) channel.onmessage = (message: MessageEvent<Message>) => report(message.data);
  const tell = (message: Message) => {
    report(message);
    if (!ended.signal.aborted) channel?.postMessage(message);
  };

  const lead = () => read(tell, ended.signal);
  if (navigator.locks === undefined || channel === null) void lead();
  else navigator.locks.request(lockName, { signal: ended.signal }, lead).catch(() => undefined);

  return () => {
    ended.abort();
    channel?.close();
  };
}

/** Reads until told to end. The browser itself reconnects and sends Last-Event-ID, unless the answer was an error. */
function read(tell: (message: Message) => void, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let source: EventSource | null = null;
    let retry: ReturnType<typeof setTimeout> | null = null;
    let down: ReturnType<typeof setTimeout> | null = null;

    const open = () => {
      source = new EventSource('/api/v1/events');
      const heard = (message: MessageEvent<string>) => {
        try {
          tell({ kind: 'event', event: JSON.parse(message.data) });
        } catch {
          // Not ours to mend: the next event or the slow refresh puts the page right.
        }
      };
      source.onmessage = heard;
      for (const type of types) source.addEventListener(type, heard);
      source.addEventListener('ended', () => tell({ kind: 'ended' }));
      source.onopen = () => {
        if (down !== null) clearTimeout(down);
        down = null;
        tell({ kind: 'connection', up: true });
      };
      source.onerror = () => {
        down ??= setTimeout(() => tell({ kind: 'connection', up: false }), 3000);
        if (source?.readyState === EventSource.CLOSED) retry = setTimeout(open, 5000);
      };
    };
    open();
    signal.addEventListener('abort', () => {
      source?.close();
      if (retry !== null) clearTimeout(retry);
      if (down !== null) clearTimeout(down);
      resolve();
    });
  });
}
