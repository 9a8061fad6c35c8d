import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { defaultStateDir, statePaths } from '#lib/settings.ts';

/** Shows and follows logs. Without a service: all of them. */
export async function logs(service: string | undefined, options: { follow: boolean; lines: string }): Promise<void> {
  const { log } = statePaths(defaultStateDir());
  const there = existsSync(log) ? readdirSync(log).filter((name) => name.endsWith('.log')) : [];
  const names = service === undefined ? there : [`${service}.log`];
  for (const name of names) {
    if (!there.includes(name))
      throw new Error(
        `There is no log "${service}". There are: ${there.map((file) => file.slice(0, -4)).join(', ') || 'none'}.`,
      );
  }
  if (names.length === 0) throw new Error('There are no logs. Run "./berth up" first.');
  const count = Math.max(0, Math.trunc(Number(options.lines)) || 0);
  const args = ['-n', String(count), ...(options.follow ? ['-F'] : []), '--', ...names.map((name) => join(log, name))];
  const tail = spawn('tail', args, { stdio: 'inherit' });
  process.on('SIGINT', () => undefined);
  await new Promise((resolve) => tail.on('close', resolve));
}
