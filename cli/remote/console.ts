/** `berth ct console`: the websocket that the browser uses, at this terminal. */
import WebSocket from 'ws';
import type { Problem } from '#clients/typescript/api.ts';
import type { Context } from './asking.ts';
import { CliError, exitOf, exits } from './exits.ts';
import { idOf } from './names.ts';

/** Ctrl-], as telnet has it. */
export const usualEscape = ']';

/** Ctrl and the letter as the byte a terminal sends. */
export function escapeByte(key: string): number {
  const name = /^(?:\^|ctrl-)?([@-_a-z])$/i.exec(key)?.[1];
  if (name === undefined) throw new CliError(exits.usage, 'The key must be one that goes with Ctrl, like ] or q.');
  return name.toUpperCase().charCodeAt(0) & 0x1f;
}

type Terminal = {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
};

/**
 * A console at this terminal, until its shell ends, the connection is closed, or the escape key is pressed: the session stays on the host then, and
 * `--session` finds it again.
 */
export async function openConsole(
  { panel, voice }: Context,
  container: string,
  { escape: key = usualEscape, session }: { escape?: string; session?: string },
  terminal: Terminal = { input: process.stdin, output: process.stdout },
): Promise<number> {
  const leave = escapeByte(key);
  const id = await idOf(panel, 'container', container);
  const { input, output } = terminal;
  const size = () => ({ cols: Math.max(2, output.columns ?? 80), rows: Math.max(2, output.rows ?? 24) });
  const { cols, rows } = size();
  const query = new URLSearchParams({
    cols: String(cols),
    rows: String(rows),
    ...(session === undefined ? {} : { session }),
  });
  const url = `${panel.url.replace(/^http/, 'ws')}/api/v1/containers/${id}/console?${query}`;
  const socket = new WebSocket(url, {
    headers: { authorization: `Bearer ${panel.token ?? ''}`, 'user-agent': 'berth-cli' },
    followRedirects: false,
    perMessageDeflate: false,
  });
  // From the first byte on: what the host remembers of the session comes with the handshake.
  let status: number = exits.done;
  socket.on('message', (data: Buffer, binary) => {
    if (binary) return void output.write(data);
    const control = JSON.parse(String(data)) as { type: string; status?: number | null };
    if (control.type === 'exit') status = control.status ?? exits.done;
  });
  await opened(socket, panel.url);
  voice.err(`Connected. Ctrl-${key.replace(/^(\^|ctrl-)/i, '')} leaves; what runs goes on.`);
  return await new Promise<number>((resolve) => {
    const raw = input.isTTY === true;
    const resized = () =>
      socket.readyState === socket.OPEN && socket.send(JSON.stringify({ type: 'resize', ...size() }));
    const end = (status: number, words: string) => {
      if (raw) input.setRawMode(false);
      input.pause();
      input.removeAllListeners('data');
      output.off('resize', resized);
      voice.err(`\n${words}`);
      socket.close(1000);
      resolve(status);
    };
    if (raw) input.setRawMode(true);
    output.on('resize', resized);
    resized();
    input.on('data', (bytes: Buffer) => {
      const at = raw ? bytes.indexOf(leave) : -1;
      if (at !== 0) socket.send(at < 0 ? bytes : bytes.subarray(0, at));
      if (at >= 0) end(exits.done, 'Left. What runs goes on.');
    });
    // What comes from a pipe has an end: the shell is told so as at a terminal.
    input.on('end', () => !raw && socket.readyState === socket.OPEN && socket.send(Buffer.from([4])));
    socket.on('error', () => undefined);
    socket.on('close', (code, reason) => {
      if (code === 1000) end(status, 'The console has ended.');
      else if (code === 1008) end(exits.notAllowed, `You may not be here any longer: ${reason}.`);
      else end(exits.unreachable, 'The connection was lost. What runs goes on.');
    });
    input.resume();
  });
}

function opened(socket: WebSocket, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) =>
      reject(new CliError(exits.unreachable, `The panel at ${url} cannot be reached: ${error.message}`)),
    );
    socket.once('unexpected-response', (_request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => {
        text += chunk;
      });
      response.on('end', () => {
        try {
          const problem = JSON.parse(text) as Problem;
          reject(new CliError(exitOf(problem), problem.detail ?? problem.title, problem.remedy));
        } catch {
          reject(new CliError(exits.failed, `${url} answered with status ${response.statusCode}.`));
        }
      });
    });
  });
}
