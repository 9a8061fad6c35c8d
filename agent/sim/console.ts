import type { ConsoleSession } from '../adapters.ts';
import { type Machine, runScript } from './shell.ts';

type Client = Parameters<ConsoleSession['attach']>[0];
const scrollbackBytes = 64 * 1024;

/** A session with line editing (typing, backspace, enter) over the simulated commands; `exit` ends it. */
export function simConsole(machine: () => Machine, ended: () => void): ConsoleSession & { end(): void } {
  const clients = new Set<Client>();
  let scrollback = '';
  let line = '';
  let over = false;
  const say = (text: string) => {
    scrollback = (scrollback + text).slice(-scrollbackBytes);
    for (const client of clients) client.onData(Buffer.from(text));
  };
  const prompt = () => say(`root@${machine().hostname()}:~# `);
  const end = () => {
    if (over) return;
    over = true;
    for (const client of clients) client.onExit(0);
    clients.clear();
    ended();
  };
  const enter = () => {
    say('\r\n');
    const script = line.trim();
    line = '';
    if (script === 'exit') return end();
    const done = runScript(machine(), script);
    say((done.stdout + done.stderr).replaceAll('\n', '\r\n'));
    prompt();
  };
  const type = (character: string) => {
    if (character === '\r' || character === '\n') enter();
    else if (character === '\u007f') {
      if (line !== '') say('\b \b');
      line = line.slice(0, -1);
    } else if (character === '\u0004' && line === '') end();
    else if (character >= ' ') {
      line += character;
      say(character);
    }
  };
  prompt();
  return {
    attach(client) {
      client.onData(Buffer.from(scrollback));
      clients.add(client);
      return {
        write(bytes) {
          for (const character of Buffer.from(bytes).toString('utf8')) if (!over) type(character);
        },
        resize() {},
        detach: () => void clients.delete(client),
      };
    },
    end,
  };
}
