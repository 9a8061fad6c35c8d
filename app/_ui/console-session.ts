import { v7 } from 'uuid';
import { ConsoleControl } from '#lib/contract/exec.ts';

export type ConsoleStatus = 'connecting' | 'open' | 'lost' | 'ended' | 'refused';
export type OpenConsole = {
  send: (data: string | Uint8Array<ArrayBuffer>) => void;
  resize: () => void;
  close: () => void;
};

type Handlers = {
  size: () => { cols: number; rows: number };
  onStatus: (status: ConsoleStatus) => void;
  /** A connection stands; the host is about to send the scrollback again. */
  onAttach: () => void;
  onBytes: (bytes: Uint8Array) => void;
};

const retryMs = [500, 1000, 2000, 4000, 8000];
/** Close codes after which trying again is no use: going away on purpose, policy (a right was lost), and our own 44xx. */
const final = (code: number) => code === 1008 || (code >= 4400 && code < 4500);

/** The id of this tab's session in a container; kept in the tab, so that a reload finds the same session. */
export function consoleSession(containerId: string, fresh = false): string {
  const key = `berth-console-${containerId}`;
  const known = sessionStorage.getItem(key);
  if (known !== null && !fresh) return known;
  const id = v7();
  sessionStorage.setItem(key, id);
  return id;
}

/** Connects and, if the connection is lost, connects again to the same session. */
export function openConsole(
  containerId: string,
  sessionId: string,
  { size, onStatus, onAttach, onBytes }: Handlers,
): OpenConsole {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let tries = 0;
  let closed = false;
  let ended = false;

  const control = () => {
    if (socket?.readyState === WebSocket.OPEN)
      socket.send(JSON.stringify({ type: 'resize', ...size() } satisfies ConsoleControl));
  };
  const connect = () => {
    const { protocol, host } = window.location;
    const { cols, rows } = size();
    const query = new URLSearchParams({ session: sessionId, cols: String(cols), rows: String(rows) });
    const opening = new WebSocket(
      `${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/v1/containers/${containerId}/console?${query}`,
    );
    opening.binaryType = 'arraybuffer';
    socket = opening;
    opening.onopen = () => {
      tries = 0;
      onAttach();
      onStatus('open');
      control();
    };
    opening.onmessage = (message: MessageEvent<ArrayBuffer | string>) => {
      if (typeof message.data !== 'string') return onBytes(new Uint8Array(message.data));
      let text: unknown;
      try {
        text = JSON.parse(message.data);
      } catch {
        return;
      }
      const parsed = ConsoleControl.safeParse(text);
      if (parsed.success && parsed.data.type === 'exit') {
        ended = true;
        onStatus('ended');
      }
    };
    opening.onclose = (event) => {
      if (closed || ended) return;
      if (final(event.code)) return onStatus('refused');
      if (event.code === 1000) return onStatus('ended');
      onStatus('lost');
      timer = setTimeout(connect, retryMs[Math.min(tries, retryMs.length - 1)]);
      tries += 1;
    };
  };
  connect();

  return {
    send(data) {
      if (socket?.readyState !== WebSocket.OPEN) return;
      socket.send(typeof data === 'string' ? new TextEncoder().encode(data) : data);
    },
    resize: control,
    close() {
      closed = true;
      if (timer !== null) clearTimeout(timer);
      socket?.close(1000);
    },
  };
}
