/** Backups of a container in which somebody writes numbers in one order: each must come back as a state that there was. BERTH_ROUNDS=50. */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { buildWriter, stepsIn } from '../../support/sequence.ts';

const roomy = { ...resources, diskBytes: 512 * 1024 * 1024 };

const rounds = Number(process.env.BERTH_ROUNDS ?? 50);

describe('a backup while somebody writes', () => {
  let agent: TestAgent;
  let template: TemplateRef;
  let place: Awaited<ReturnType<TestAgent['container']>>;
  beforeAll(async () => {
    agent = await startTestAgent('real');
    template = await agent.template();
    place = await agent.container(template, { resources: roomy });
    const { containerId } = place;
    await agent.act('container.start', { containerId });
    const program = fs.readFileSync(buildWriter(agent.made.directory));
    const path = Buffer.from('/root/writer').toString('base64');
    const content = (async function* () {
      yield program;
    })();
    await agent.files(containerId, 'write', { path, replace: true, offset: 0 }, content);
    await agent.sh(
      containerId,
      'chmod 755 /root/writer; mkdir /load; (/root/writer /load > /dev/null 2>/load.err < /dev/null &)',
    );
  });
  afterAll(() => agent?.cleanUp());

  const written = async () =>
    Number(await agent.sh(place.containerId, 'cat /load.err >&2; wc -c < /load/journal')) / 32;
  const reached = (n: number) => expect.poll(written, { timeout: 120_000, interval: 100 }).toBeGreaterThan(n);

  /** A backup now, restored into a volume of its own; what `look` finds in the folder of the writer. */
  async function backedUp<T>(
    look: (folder: string) => T,
  ): Promise<{ found: T; before: number; after: number; freezeMs: number }> {
    const { containerId, tenantId } = place;
    const { args: repository, secrets } = agent.repository(tenantId);
    const [snapshotId, backupId, volumeId] = [uuidv7(), uuidv7(), uuidv7()];
    const before = await written();
    const { freezeMs } = await agent.send(
      agent.call('snapshot.create', { containerId, args: { snapshotId } }),
      {},
      { retries: 4 }, // a freeze that lasts too long is given up and tried again
    );
    const after = await written();
    const upload = { containerId, args: { backupId, snapshotId, repository }, secrets };
    const { resticSnapshotId } = await agent.act('backup.upload', upload);
    await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    const restore = { volumeId, repository, resticSnapshotId, layers: template.layers };
    await agent.act('volume.restore', { containerId, args: restore, secrets });
    const directory = fs.mkdtempSync(join(agent.made.directory, 'look-'));
    const image = join(agent.config.poolPath, 'volumes', `${volumeId}.img`);
    execFileSync('mount', ['-o', 'loop,ro', image, directory]);
    try {
      return { found: look(join(directory, 'upper/load')), before, after, freezeMs };
    } finally {
      execFileSync('umount', [directory]);
      await agent.act('volume.delete', { containerId, args: { volumeId } });
    }
  }

  it(`holds a state that there was, ${rounds} times`, async () => {
    const freezes: number[] = [];
    const counts: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await reached(counts.at(-1) ?? 300);
      const { found, before, after, freezeMs } = await backedUp(stepsIn);
      expect(found).toBeGreaterThanOrEqual(before);
      expect(found).toBeLessThanOrEqual(after);
      freezes.push(freezeMs);
      counts.push(found);
    }
    const longest = Math.round(Math.max(...freezes));
    console.log(
      `under load: ${counts.length} of ${rounds} backups hold a state that there was (${counts[0]} to ${counts.at(-1)} steps; writes stood still for ${longest} ms at most)`,
    );
  }, 3_600_000);

  it('is told from one that there never was', async () => {
    await reached(300);
    const copy = join(agent.made.directory, 'copy');
    await backedUp((folder) => fs.cpSync(folder, copy, { recursive: true }));
    const steps = stepsIn(copy);
    const tampered = (name: string, change: (content: Buffer) => Buffer) => {
      const path = join(copy, name);
      const content = fs.readFileSync(path);
      fs.writeFileSync(path, change(Buffer.from(content)));
      expect(() => stepsIn(copy), name).toThrow();
      fs.writeFileSync(path, content);
    };
    // A record lost at the end while data and ring have it; one lost in the middle; an older block; data of another time.
    tampered('journal', (content) => content.subarray(0, content.length - 5 * 32));
    tampered('journal', (content) => Buffer.concat([content.subarray(0, 3200), content.subarray(3232)]));
    tampered('ring', (content) => content.fill(0, ((steps - 7) % 256) * 4096, ((steps - 7) % 256) * 4096 + 4096));
    tampered(`data-${(steps - 9) % 64}`, (content) => content.subarray(0, content.length - 32));
    expect(stepsIn(copy)).toBe(steps);
  });
});
