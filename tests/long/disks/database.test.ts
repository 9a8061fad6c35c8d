/** The file system of the panel's database is full: said in words, nothing lost, and all goes on by itself when there is room again. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { createContainer } from '#lib/containers/create.ts';
import { getContainer } from '#lib/containers/get.ts';
import { restartContainer } from '#lib/containers/restart.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { withActor } from '#lib/db/client.ts';
import { type Bench, ended, startBench, succeeded } from '#tests/support/operations.ts';

const timeoutMs = 5_000;
let disk: string;
let bench: Bench;
let id: string;

beforeAll(async () => {
  disk = mkdtempSync('/tmp/berth-dbdisk-');
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400m,mode=711', 'berth-test', disk]);
  chmodSync(disk, 0o711);
  bench = await startBench('sim', { durable: true, below: disk });
  const { world, admin } = bench;
  const input = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
  const made = await succeeded(admin, await createContainer(admin, { ...input, name: 'web-2', start: true }));
  id = made.containerId ?? '';
});
afterAll(async () => {
  rmSync(filler(), { force: true });
  await bench?.stop();
  execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true });
});

const filler = () => join(disk, 'filler');
function fill(): void {
  const { bavail, bsize } = statfsSync(disk);
  execFileSync('fallocate', ['-l', String(bavail * bsize), filler()]);
  expect(statfsSync(disk).bavail).toBe(0);
}
const count = () =>
  withActor(bench.portal.super, systemActor('test'), async (tx) => {
    const { rows } = await tx.execute<{ n: number }>(sql`select count(*)::int as n from operations`);
    return rows[0]?.n ?? 0;
  });

it('refuses in words, keeps what it has taken, and heals by itself', async () => {
  const before = await count();
  const accepted: Operation[] = [];
  let refused = 0;
  let worded = 0;
  fill();
  const until = Date.now() + 90_000;
  // Half-empty pages have room for some more; sooner or later each kind of row finds none.
  while (refused < 20 && Date.now() < until) {
    try {
      const asked = await restartContainer(bench.owner, id, { timeoutMs });
      accepted.push(asked);
      await ended(bench.owner, asked, 3_000).catch(() => undefined);
    } catch (error) {
      if (error instanceof BerthError && (error.code === 'busy' || error.code === 'already')) {
        await new Promise((resolve) => setTimeout(resolve, 200));
        continue;
      }
      refused += 1;
      if (error instanceof BerthError && error.code === 'no_space' && /database is full/.test(error.message))
        worded += 1;
      else console.log('refused otherwise:', error);
    }
  }
  console.log(`database: ${accepted.length} orders fitted, then ${worded} of ${refused} were refused in words`);
  expect([refused, worded]).toEqual([20, 20]);

  rmSync(filler());
  for (const asked of accepted) expect((await ended(bench.owner, asked, 90_000)).state).toBe('succeeded');
  expect(await count()).toBe(before + accepted.length);
  expect(bench.worker.ended).toBeUndefined();
  await succeeded(bench.owner, await restartContainer(bench.owner, id, { timeoutMs }));
  expect((await getContainer(bench.owner, id)).state).toBe('running');
});
