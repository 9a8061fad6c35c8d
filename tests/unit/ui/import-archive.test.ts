/** An archive on its way from a page: over a panel in memory, whose connection breaks when the test says so. */
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { givenUp, importArchive } from '#app/_ui/import-archive.ts';
import type { ImportUpload } from '#lib/contract/transfers.ts';

const megabyte = 1024 ** 2;
const wish = { tenantId: uuidv7(), planId: uuidv7(), name: 'web', start: true };
const fileOf = (lastModified = 1_700_000_000_000, name = 'web.tar') =>
  new File([new Uint8Array(20 * megabyte)], name, { lastModified });

let uploads: ImportUpload[];
let asked: string[];
let pieces: { offset: number; bytes: number }[];
/** So many pieces get through. */
let left: number;
let refused: boolean;

const json = (value: unknown, status = 200) => new Response(JSON.stringify(value), { status });

async function panel(address: string, { method, body }: { method: string; body?: string }): Promise<Response> {
  const path = address.replace('/api/v1', '').replace(/\?.*/, '');
  asked.push(`${method} ${path}`);
  if (method === 'GET') return json({ items: uploads, nextCursor: null });
  if (method === 'DELETE') {
    uploads = uploads.filter(({ id }) => !path.endsWith(id));
    return new Response(null, { status: 204 });
  }
  const sent = JSON.parse(body ?? '{}');
  if (path === '/imports') {
    const upload = { id: uuidv7(), hostId: uuidv7(), receivedBytes: 0, fingerprint: null, ...sent };
    uploads.push({ ...upload, expiresAt: new Date().toISOString() });
    return json(uploads.at(-1), 201);
  }
  const problem = { type: 'urn:berth:error:conflict', title: 'There is one', status: 409, code: 'conflict' };
  return refused ? json(problem, 409) : json({ containerId: 'c', of: sent.importId }, 202);
}

/** What the page needs of it. */
class Sending {
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {};
  onload = () => undefined;
  onerror = () => undefined;
  onabort = () => undefined;
  onloadend = () => undefined;
  status = 0;
  responseText = '';
  #url = new URL('http://panel.test');
  open(_method: string, url: string) {
    this.#url = new URL(url, 'http://panel.test');
  }
  setRequestHeader() {}
  abort() {
    this.onabort();
  }
  send(body: Blob) {
    setTimeout(() => {
      left -= 1;
      if (left < 0) return this.onerror();
      const upload = uploads.find(({ id }) => this.#url.pathname.includes(id));
      if (upload === undefined) throw new Error('no such upload');
      const offset = Number(this.#url.searchParams.get('offset'));
      pieces.push({ offset, bytes: body.size });
      upload.receivedBytes = offset + body.size;
      this.status = 200;
      this.responseText = JSON.stringify(upload);
      this.onload();
    }, 0);
  }
}

beforeEach(() => {
  [uploads, asked, pieces, left, refused] = [[], [], [], Number.POSITIVE_INFINITY, false];
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  vi.stubGlobal('fetch', panel);
  vi.stubGlobal('XMLHttpRequest', Sending);
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function send(file: File, change: object = {}, stop = new AbortController()) {
  const seen: number[] = [];
  const onProgress = (bytes: number) => void seen.push(bytes);
  const ended = importArchive(file, { ...wish, ...change }, { onProgress, signal: stop.signal }).then(
    (operation) => operation.containerId,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  let over = false;
  void ended.then(() => {
    over = true;
  });
  while (!over) await vi.advanceTimersByTimeAsync(1000);
  return { ended: await ended, seen };
}

it('cut off, goes on with the same file from what has come, by another name and in another page too', async () => {
  left = 1;
  expect((await send(fileOf())).ended).toBe('The connection was lost.');
  expect(uploads).toHaveLength(1);
  left = Number.POSITIVE_INFINITY;
  const again = await send(fileOf(undefined, 'copy.tar'));
  expect(again.ended).toBe('c');
  expect(again.seen[0]).toBe(8 * megabyte);
  expect(pieces.map(({ offset }) => offset / megabyte)).toEqual([0, 8, 16]);
  expect(asked.filter((one) => one === 'POST /imports')).toHaveLength(1);
});

it('goes on with no other file, and for no other plan', async () => {
  left = 1;
  await send(fileOf());
  left = Number.POSITIVE_INFINITY;
  await send(fileOf(1_700_000_001_000));
  await send(fileOf(), { planId: uuidv7() });
  expect(uploads).toHaveLength(3);
  expect(pieces.filter(({ offset }) => offset === 0)).toHaveLength(3);
});

it('refused when all has come, asks for the container again without sending anything', async () => {
  refused = true;
  expect((await send(fileOf())).ended).toBe('There is one');
  refused = false;
  pieces = [];
  expect((await send(fileOf(), { name: 'web2' })).ended).toBe('c');
  expect(pieces).toEqual([]);
});

it('is forgotten when it is given up, and kept when the page is left', async () => {
  const leave = new AbortController();
  leave.abort();
  await send(fileOf(), {}, leave);
  expect(uploads).toHaveLength(1);
  const stop = new AbortController();
  stop.abort(givenUp);
  await send(fileOf(), {}, stop);
  expect(uploads).toEqual([]);
});

it('gives up what it could not recognise again, in a page without digests', async () => {
  vi.stubGlobal('isSecureContext', false);
  left = 1;
  expect((await send(fileOf())).ended).toBe('The connection was lost.');
  expect(uploads).toEqual([]);
});
