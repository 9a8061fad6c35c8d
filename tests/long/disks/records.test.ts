/** The file system of the agent's ledger and state directory is full: a clear error, nothing lost, and all goes on when there is room again. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { prepareAgent, type TestAgent } from '../../support/agent.ts';

const MiB = 1024 * 1024;
let agent: TestAgent;
let template: TemplateRef;
let disk: string;

beforeAll(async () => {
  const directory = mkdtempSync('/tmp/berth-disk-');
  disk = directory;
  const image = join(directory, 'image');
  execFileSync('fallocate', ['-l', String(16 * MiB), image]);
  execFileSync('mkfs.ext4', ['-q', '-m', '0', image]);
  execFileSync('mkdir', [join(directory, 'agent')]);
  execFileSync('mount', ['-o', 'loop', image, join(directory, 'agent')]);
  agent = await prepareAgent('sim', {});
  const config = { ...agent.config, agentDir: join(directory, 'agent') };
  writeFileSync(join(agent.config.agentDir, 'config.json'), JSON.stringify(config));
  await agent.start();
  template = await agent.template();
});
afterAll(async () => {
  await agent?.cleanUp();
  execFileSync('umount', [join(disk, 'agent')]);
  rmSync(disk, { recursive: true });
});

const filler = () => join(disk, 'agent', 'filler');

/** Takes every block there is. */
function fill(): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${filler()}`, 'bs=4096'], { stdio: 'ignore' });
  } catch {
    // full, as it should be
  }
  expect(statfsSync(join(disk, 'agent')).bavail).toBeLessThan(16);
}

it('refuses in words, loses nothing, and heals by itself, also over a restart', async () => {
  const { containerId } = await agent.container(template);
  await agent.act('container.start', { containerId });
  const before = await agent.inventory();

  fill();
  let refused = 0;
  let done = 0;
  // The log of the database has some pages of its own left: sooner or later it is full too.
  for (let i = 0; i < 400 && refused < 20; i += 1) {
    try {
      await agent.act('container.restart', { containerId, args: { timeoutMs: 0 } });
      done += 1;
    } catch (error) {
      refused += 1;
      expect(error).toMatchObject({ code: 'no_space', message: expect.stringContaining('records is full') });
    }
  }
  console.log(`ledger: ${done} orders fitted, then ${refused} of ${refused} were refused in words`);
  expect(refused).toBe(20);
  expect(await agent.inventory()).toMatchObject([{ containerId, power: before[0]?.power }]);

  rmSync(filler());
  await agent.act('container.stop', { containerId, args: { timeoutMs: 1_000 } });
  await agent.act('container.start', { containerId });

  fill();
  await agent.stop('SIGKILL');
  await agent.start().catch(() => undefined); // it may refuse to start: nothing may be lost by that
  await agent.stop('SIGKILL');
  rmSync(filler());
  await agent.start();
  expect((await agent.inventory()).map((item) => item.containerId)).toEqual([containerId]);
  await agent.act('container.delete', { containerId });
  expect(await agent.inventory()).toEqual([]);
});
