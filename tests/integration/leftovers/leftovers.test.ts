/** Nothing of a container stays on its host, and nothing of a test, however it ends. */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';
import { deeper } from '../../support/depth.ts';
import { deep } from '../../support/levels.ts';
import { imagesOf, live } from './life.ts';
import { none, nothingSeen, type Objects, objectsOf, remember, type Subject } from './objects.ts';

const subjectOf = (agent: TestAgent): Subject => ({ directory: agent.made.directory, instance: agent.config.instance });
const sorts = (objects: Objects) => Object.entries(objects).flatMap(([sort, list]) => (list.length > 0 ? [sort] : []));

describe('a container that is deleted', () => {
  let agent: TestAgent;
  beforeAll(async () => {
    agent = await startTestAgent('real');
  }, 240_000);
  afterAll(() => agent?.cleanUp(), 120_000);

  it('leaves its host as it was: with a snapshot, a retained and a spare volume, while a command runs in it', async () => {
    const [seen, before] = [nothingSeen(), nothingSeen()];
    await agent.template('tiny');
    remember(before, subjectOf(agent));
    const clean = objectsOf(subjectOf(agent), before);
    const room = (await agent.host()).pool;
    const { containerId } = await live(agent);
    remember(seen, subjectOf(agent));
    const during = objectsOf(subjectOf(agent), seen);
    for (const sort of ['processes', 'mounts', 'loops', 'cgroups', 'links', 'netns'] as const) {
      expect(during[sort].length, sort).toBeGreaterThan(clean[sort].length);
    }
    const images = imagesOf(agent);
    expect([images.volumes.length, images.snapshots.length]).toEqual([3, 1]);

    await agent.act('container.delete', { containerId });
    expect(imagesOf(agent)).toEqual({ volumes: [], snapshots: [] });
    expect((await agent.host()).pool.reservedBytes).toBe(0);
    // The bytes come back with the images, but for what the pool's own bookkeeping has grown by.
    const taken = async () => (await agent.host()).pool.usedBytes - room.usedBytes;
    await expect.poll(taken, { timeout: 10_000 }).toBeLessThan(8 * 1024 * 1024);
    await expect.poll(() => bare(objectsOf(subjectOf(agent), seen)), { timeout: 10_000 }).toEqual(bare(clean));
  }, 180_000);

  deeper(
    'and one volume released leaves the others',
    async () => {
      const { containerId } = await live(agent);
      const { volumes, snapshots } = imagesOf(agent);
      const used = (await agent.host()).pool;
      const spare = uuidv7();
      await agent.act('volume.create', { containerId, args: { volumeId: spare } });
      for (const volumeId of [spare, ...volumes.map((file) => file.replace(/\.img$/, ''))]) {
        await agent.act('volume.delete', { containerId, args: { volumeId } }).catch((error: unknown) => {
          expect(error).toMatchObject({ code: 'state' }); // its present one
        });
      }
      // The snapshot shares the old volume's extents: its bytes are free when both are gone.
      for (const file of snapshots) {
        const snapshotId = file.replace(/\.img$/, '');
        await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
      }
      // What is shown at /old goes when the container that sees it stops.
      await agent.act('container.stop', { containerId, args: { timeoutMs: 20_000 } });
      await expect.poll(() => imagesOf(agent).volumes.length, { timeout: 20_000 }).toBe(1);
      expect(imagesOf(agent).snapshots).toEqual([]);
      expect((await agent.host()).pool.reservedBytes).toBeLessThan(used.reservedBytes);
      const freed = async () => used.usedBytes - (await agent.host()).pool.usedBytes;
      await expect.poll(freed, { timeout: 10_000 }).toBeGreaterThan(40 * 1024 * 1024);
    },
    180_000,
  );
});

/** Without what may differ from run to run: process ids, namespaces' numbers, and layers, which stay mounted for the next. */
function bare(objects: Objects): Objects {
  return {
    ...objects,
    processes: objects.processes.map((line) => line.replace(/^\d+ /, '')).sort(),
    mounts: objects.mounts
      .map((line) => line.replace(/^\S+ /, ''))
      .filter((path) => !path.includes('/mnt/layers/'))
      .sort(),
    loops: objects.loops.filter((file) => !file.includes('/layers/')).sort(),
  };
}

describe('a test agent', () => {
  it('that is cleaned up leaves nothing, though everything was in use', async () => {
    const agent = await startTestAgent('real');
    const seen = nothingSeen();
    try {
      await live(agent);
      remember(seen, subjectOf(agent));
      expect(sorts(objectsOf(subjectOf(agent), seen))).toEqual(Object.keys(none));
    } finally {
      await agent.cleanUp();
    }
    await expect.poll(() => objectsOf(subjectOf(agent), seen), { timeout: 10_000 }).toEqual(none);
  }, 240_000);

  const ends = [
    ['SIGKILL', 'alive'],
    ['SIGTERM', 'start'],
    ['SIGTERM', 'upload'],
    ['SIGINT', 'restore'],
  ] as const;
  it.each(deep ? ends : ends.slice(0, 1))(
    'leaves nothing when its test ends by %s during %s',
    async (signal, stage) => {
      const child = spawn(process.execPath, [join(import.meta.dirname, 'child.ts')], {
        stdio: ['ignore', 'pipe', 'inherit'],
        env: { ...process.env, NODE_OPTIONS: '' },
      });
      const seen = nothingSeen();
      const subject = await until(child, stage);
      remember(seen, subject);
      const during = sorts(objectsOf(subject, seen));
      expect(during).toEqual(expect.arrayContaining(['files', 'processes', 'mounts', 'loops', 'tables', 'links']));
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill(signal);
      await ended;
      await expect.poll(() => objectsOf(subject, seen), { timeout: 120_000, interval: 250 }).toEqual(none);
    },
    240_000,
  );
});

/** Waits until the child is about to do `stage`, and a little longer; gives where its agent lives. */
async function until(child: ChildProcess, stage: string): Promise<Subject> {
  let subject: Subject | undefined;
  if (child.stdout === null) throw new Error('no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const said = JSON.parse(line) as Partial<Subject> & { stage?: string };
    if (said.directory !== undefined && said.instance !== undefined) {
      subject = { directory: said.directory, instance: said.instance };
    }
    if (said.stage === stage) break;
  }
  if (subject === undefined) throw new Error('the child ended before that');
  await new Promise((resolve) => setTimeout(resolve, 120));
  return subject;
}
