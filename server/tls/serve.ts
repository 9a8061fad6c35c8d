/** The web's server: with TLS, whose certificate is the one of the name that is asked for, and follows its files while it serves. */
import { readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { dirname, join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { z } from 'zod';
import { whenChanged } from '../reload.ts';
import { copyPattern } from './copies.ts';
import { judgeNamedPair } from './pairs.ts';

type Log = {
  info(detail: Record<string, unknown>, message: string): void;
  warn(detail: Record<string, unknown>, message: string): void;
};
type Tls = { certificateFile: string; keyFile: string };

const lookEveryMs = 2_000;
const Copy = z.object({ certificate: z.string(), key: z.string() });

/** `tls`: the web's own files; the pairs of other names lie beside them. Without it, plain HTTP. `stop` ends the following, not the server. */
export async function webServer(
  tls: Tls | undefined,
  limits: ServerOptions,
  answer: RequestListener,
  log: Log,
): Promise<{ server: Server; stop(): void }> {
  if (tls === undefined) return { server: createServer(limits, answer), stop: () => undefined };
  const own = () => ({ cert: readFileSync(tls.certificateFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') });
  const named = await followPairs(dirname(tls.certificateFile), log);
  const server = createTlsServer(
    {
      ...{ ...limits, ...own(), minVersion: 'TLSv1.2' },
      SNICallback: (name, done) => done(null, named.of(name)),
    },
    answer,
  );
  const stopOwn = whenChanged(
    [tls.certificateFile, tls.keyFile],
    () => {
      const pair = own();
      // Tried first: one half may be newer than the other for a moment.
      createSecureContext(pair);
      server.setSecureContext({ ...pair, minVersion: 'TLSv1.2' });
      log.info({}, 'a new certificate of the panel’s own');
    },
    (error) => log.warn({ err: error }, 'the new certificate of the panel’s own cannot be served; the one before is'),
  );
  return {
    server,
    stop: () => {
      stopOwn();
      named.stop();
    },
  };
}

type Held = { names: string[]; context: SecureContext; validTo: Date };

/** The pairs of a directory by the names in their certificates, looked for again every two seconds. What cannot be served is passed over, and what was served before stays. */
async function followPairs(directory: string, log: Log) {
  const held = new Map<string, Held>();
  /** Which state of a file was looked at: one that cannot be served is told once. */
  const stamps = new Map<string, string>();
  let byName = new Map<string, Held>();

  async function look(): Promise<void> {
    const files = (await readdir(directory)).filter((file) => copyPattern.test(file));
    const gone = [...held.keys()].filter((file) => !files.includes(file));
    for (const file of gone) held.delete(file);
    for (const file of stamps.keys()) if (!files.includes(file)) stamps.delete(file);
    let changed = gone.length > 0;
    for (const file of files) {
      try {
        const found = await stat(join(directory, file));
        const stamp = `${found.ino} ${found.mtimeMs} ${found.size}`;
        if (stamps.get(file) === stamp) continue;
        const text = await readFile(join(directory, file), 'utf8');
        stamps.set(file, stamp);
        held.set(file, judgeNamedPair(Copy.parse(JSON.parse(text))));
        changed = true;
      } catch (error) {
        log.warn({ err: error, file }, 'a certificate cannot be served');
      }
    }
    if (!changed) return;
    // Of two for one name the one that is good for longer counts.
    const oldestFirst = [...held.values()].sort((a, b) => a.validTo.getTime() - b.validTo.getTime());
    byName = new Map(oldestFirst.flatMap((one) => one.names.map((name) => [name, one] as const)));
    log.info({ names: [...byName.keys()] }, 'certificates by name');
  }

  await look();
  const timer = setInterval(() => {
    look().catch((error: unknown) => log.warn({ err: error }, 'certificates cannot be looked for'));
  }, lookEveryMs);
  timer.unref();
  return {
    /** Undefined: the panel's own. */
    of(asked: string): SecureContext | undefined {
      const name = asked.toLowerCase();
      return (byName.get(name) ?? byName.get(`*${name.slice(name.indexOf('.'))}`))?.context;
    },
    stop: () => clearInterval(timer),
  };
}
