import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makePlace, type Place, until } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace('rt2');
});
afterAll(() => place?.cleanUp());
beforeEach(async () => {
  await place.runtime.kill(place.containerId);
  await place.runtime.cleanUp(place.containerId);
  await place.runtime.start(place.plan);
});

const size = { cols: 90, rows: 33 };

/** A client that keeps what it is shown. */
async function look(sessionId: string) {
  const session = await place.runtime.openConsole(place.containerId, sessionId, size);
  const seen = { text: '', exits: [] as (number | null)[] };
  const client = session.attach({
    onData: (bytes) => {
      seen.text += Buffer.from(bytes).toString();
    },
    onExit: (status) => seen.exits.push(status),
  });
  const type = (text: string) => client.write(Buffer.from(text));
  return {
    ...client,
    seen,
    type,
    shows: (text: string | RegExp) => until(`shows ${text}`, () => seen.text.search(text) >= 0),
  };
}

const programs = async () =>
  (await place.runtime.exec(place.containerId, ['ps', '-o', 'args'], { timeoutMs: 5000 })).stdout;

/** Waits until the program runs inside: what is typed before it listens would go to the shell. */
async function running(program: string): Promise<void> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    if ((await programs()).split('\n').includes(program)) return;
  }
  throw new Error(`${program} does not run`);
}

describe('a console', () => {
  it('is a login shell of root on a terminal of the size asked for, and follows resizing', async () => {
    const client = await look(uuidv7());
    client.type('echo "$HOME $TERM $(id -u) $0"; tty\n');
    // runc tells the inner terminal its size just after it has started the shell
    await until('the first size arrives', () => {
      client.type('stty size\n');
      return client.seen.text.includes('33 90\r\n');
    });
    await client.shows(/\/root xterm-256color 0 -?\/bin\/(ba)?sh/);
    await client.shows('/dev/pts/');
    client.resize(120, 40);
    await until('the size arrives', () => {
      client.type('stty size\n');
      return client.seen.text.includes('40 120\r\n');
    });
  });

  it('passes keys on: interrupt ends a program, not the shell', async () => {
    const client = await look(uuidv7());
    client.type('sleep 800\n');
    await running('sleep 800');
    client.type('\x03');
    client.type('echo "still $((40 + 2))"\n');
    await client.shows('still 42');
  });

  it('lives on while nobody looks, and shows what was missed to whoever comes', async () => {
    const id = uuidv7();
    const first = await look(id);
    first.type('echo "one-$((1 + 0))"; sleep 0.3; echo "two-$((1 + 1))"\n');
    await first.shows('one-1');
    first.detach();
    const [second, third] = [await look(id), await look(id)];
    for (const client of [second, third]) {
      await client.shows('one-1');
      await client.shows('two-2');
    }
    expect(first.seen.text).not.toContain('two-2\r');
    second.type('echo "both-$((2 + 1))"\n');
    await third.shows('both-3');
  });

  it('says how it ended, and the same id is a new session afterwards', async () => {
    const id = uuidv7();
    const client = await look(id);
    client.type('exit 7\n');
    await until('it ends', () => client.seen.exits.length > 0);
    expect(client.seen.exits).toEqual([7]);
    const again = await look(id);
    again.type('echo "new-$((4 + 4))"\n');
    await again.shows('new-8');
  });

  it('closes within two seconds, also a shell that ignores the hang-up', async () => {
    const id = uuidv7();
    const client = await look(id);
    client.type('trap \'\' HUP; echo "deaf-$((1 + 1))"; sleep 810\n');
    await client.shows('deaf-2');
    const began = Date.now();
    await place.runtime.closeConsole(place.containerId, id);
    expect(Date.now() - began).toBeLessThan(2000);
    expect(client.seen.exits).toHaveLength(1);
    expect(await programs()).not.toMatch(/bash|sh -l|\[sh\]/);
    await place.runtime.closeConsole(place.containerId, id);
  });

  it('ends with its container, and belongs to it alone', async () => {
    const id = uuidv7();
    const client = await look(id);
    await expect(place.runtime.openConsole(uuidv7(), id, size)).rejects.toMatchObject({ code: 'state' });
    await place.runtime.kill(place.containerId);
    await until('the client is told', () => client.seen.exits.length === 1);
    await expect(place.runtime.openConsole(place.containerId, uuidv7(), size)).rejects.toMatchObject({ code: 'state' });
    expect(readdirSync(join(place.config.agentDir, 'run/exec'))).toEqual([]);
  });

  it('takes a flood of output and keeps only the end of it', async () => {
    const id = uuidv7();
    const client = await look(id);
    client.type('head -c 3000000 /dev/zero | tr "\\0" x; echo "end-$((9 + 0))"\n');
    await until('the flood is over', () => client.seen.text.includes('end-9'), 20_000);
    const late = await look(id);
    await late.shows('end-9');
    expect(late.seen.text.length).toBeLessThanOrEqual(256 * 1024);
  });
});
