/**
 * Root's own process of an installation: makes the nightly backup of the panel, renews certificates and changes grant keys,
 * while everything runs. It listens to nobody. What fails is tried again: backups an hour later, the rest at the next turn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { keep } from './panel/keep.ts';
import { setupContext } from './setup/context.ts';

const log = pino({ name: 'berth-keeper', timestamp: pino.stdTimeFunctions.isoTime });
const everyMs = 60_000;
const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => ending.abort());

log.info('running');
const stateDir = defaultStateDir();
while (!ending.signal.aborted) {
  await keep(setupContext(readConfig(stateDir), stateDir), log).catch((error: unknown) =>
    log.error({ err: error }, 'a turn failed'),
  );
  await sleep(everyMs, undefined, { signal: ending.signal }).catch(() => undefined);
}
process.exit(0);
