/** Bytes that come: into a file, or to standard output. */
import { createWriteStream, existsSync, renameSync, statSync } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CliError, exits } from './exits.ts';
import type { Voice } from './output.ts';
import { size } from './show.ts';

/** The name that an answer has for its file; never a way into another folder. */
export function nameIn(answer: Response): string {
  const header = answer.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  const name = encoded === undefined ? /filename="([^"]+)"/.exec(header)?.[1] : decodeURIComponent(encoded);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  return (name ?? 'download').replace(/[/\\\u0000-\u001f]/g, '_').replace(/^\.+/, '_') || 'download';
}

/** Passes bytes on and says how many have come. */
export function counting(voice: Voice, what: string, whole: number | null, from = 0): Transform {
  let done = from;
  let said = 0;
  const say = () => voice.progress(`${what}: ${size(done)}${whole ? ` of ${size(whole)}` : ''}`);
  return new Transform({
    transform(chunk: Buffer, _encoding, next) {
      done += chunk.length;
      if (Date.now() - said > 200) {
        said = Date.now();
        say();
      }
      next(null, chunk);
    },
    flush(next) {
      voice.progress('');
      next();
    },
  });
}

/**
 * Saves an answer: `-` is standard output; nothing, its own name here. A file that is there is not written over. It has its name only when it is
 * whole.
 */
export async function saveTo(voice: Voice, answer: Response, file: string | undefined): Promise<void> {
  const body = answer.body;
  if (body === null) return;
  const bytes = Readable.fromWeb(body as never);
  if (answer.headers.get('content-type')?.startsWith('text/event-stream') === true) return await followEvents(bytes);
  if (file === '-') return await pipeline(bytes, process.stdout, { end: false });
  const name = file ?? nameIn(answer);
  if (existsSync(name)) throw new CliError(exits.refused, `There is a file "${name}" already.`, 'Say another with -o.');
  const length = Number(answer.headers.get('content-length') ?? 0) || null;
  await pipeline(bytes, counting(voice, name, length), createWriteStream(`${name}.part`));
  renameSync(`${name}.part`, name);
  voice.err(`${name}: ${size(statSync(name).size)}`);
}

/** The data of server-sent events, a line each. */
async function followEvents(bytes: Readable): Promise<void> {
  let rest = '';
  for await (const chunk of bytes) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.startsWith('data:')) process.stdout.write(`${line.slice(5).trim()}\n`);
  }
}
