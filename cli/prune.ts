import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { createDb } from '#lib/db/client.ts';
import { defaultStateDir, loadSettings, statePaths } from '#lib/settings.ts';
import { pruneLocation } from '#server/maintenance/prune.ts';

const AgentPart = z.object({ engineDir: z.string(), backupNetworks: z.array(z.string()).default([]) });

/** Name and password of the maintenance role come from standard input, a line each: arguments are for all to see. */
export async function prune(location: string, options: { url?: string }): Promise<void> {
  if (process.stdin.isTTY)
    console.error('User name (or access key) and password of the maintenance role, a line each:');
  const [user = '', password = ''] = (await text(process.stdin)).split('\n');
  if (user === '' || password === '') throw new Error('Two lines are needed: user name and password.');
  const stateDir = defaultStateDir();
  const { databaseUrl, kek, recoveryPassword } = loadSettings('worker', stateDir);
  const agent = AgentPart.parse(JSON.parse(readFileSync(`${statePaths(stateDir).agentDir}/config.json`, 'utf8')));
  const db = createDb(databaseUrl, { max: 2, applicationName: 'berth prune' });
  try {
    const say = (line: string) => console.log(line);
    const order = { db, keys: { kek, recoveryPassword }, location, credentials: { user, password }, agent, say };
    const count = await pruneLocation({ ...order, ...options, workDir: tmpdir() });
    console.log(count === 0 ? 'Nothing waits to be pruned there.' : `${count} pruned.`);
  } finally {
    await db.$client.end();
  }
}
