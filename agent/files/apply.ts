/** Files of containers, by helpers that live for one call each: see agent/sys/files-helper. */
import type { Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Files, FilesAnswer, Tree } from '#agent/adapters.ts';
import { endHelper, type Helper, startConfined } from '#agent/sys/confined.ts';
import { closeAll, idmappedTree } from '#agent/sys/overlay.ts';
import { idmapNamespace } from '#agent/sys/user-namespace.ts';
import { BerthError, ErrorCode } from '#lib/contract/errors.ts';
import { headLine, readFramed } from '#lib/contract/framed.ts';

/** In a release a file of its own beside the agent. */
const program = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../sys/files-helper/main.ts' : './files-helper.mjs', import.meta.url),
);
/** So many at a time; each takes some 60 MB while it lives. */
const mostPerContainer = 4;
const mostOnHost = 12;
/** A call's answer may take so long to begin: a large folder takes minutes to copy. */
const answerTimeoutMs = 600_000;
/** An archive is unpacked before it is answered: a terabyte takes its time. */
const unpackTimeoutMs = 12 * 3_600_000;
/** Answers when all that is sent is in place, which takes as long as it takes to be sent. */
const placeTimeoutMs = 24 * 3600_000;

function timeoutOf(op: Parameters<Files['call']>[1]['op']): number {
  if (op === 'unpack') return unpackTimeoutMs;
  return op === 'place' ? placeTimeoutMs : answerTimeoutMs;
}

export function createFiles(): Files {
  /** Of each container, those that are being started too: whoever closes must not miss them. */
  const helpers = new Map<string, Set<Promise<Helper>>>();

  const startHelper = async (tree: Tree): Promise<Helper> => {
    const mine = helpers.get(tree.containerId) ?? new Set();
    const all = [...helpers.values()].reduce((sum, set) => sum + set.size, 0);
    if (mine.size >= mostPerContainer || all >= mostOnHost) {
      throw new BerthError('rate_limited', 'Too much is being done with files there already. Try again in a moment.');
    }
    helpers.set(tree.containerId, mine);
    const starting = startBeside(tree);
    const forget = () => {
      mine.delete(starting);
      if (mine.size === 0) helpers.delete(tree.containerId);
    };
    mine.add(starting);
    starting.then((child) => child.once('exit', forget), forget);
    return await starting;
  };

  return {
    async call(tree, call, body, signal) {
      signal.throwIfAborted();
      const child = await startHelper(tree);
      const end = () => endHelper(child);
      signal.addEventListener('abort', end, { once: true });
      child.once('close', () => signal.removeEventListener('abort', end));
      if (signal.aborted) end();
      return ask(child, tree, call, body);
    },
    async close(containerId) {
      const mine = [...(helpers.get(containerId) ?? [])];
      await Promise.allSettled(mine.map(async (starting) => end(await starting)));
    },
  };
}

/** With the parts of the tree in its hands, if the call is about them. */
async function startBeside(tree: Tree): Promise<Helper> {
  const open: number[] = [];
  try {
    if (tree.parts !== undefined) {
      const namespace = await idmapNamespace('FILES:USER-NAMESPACE', tree.idBase);
      for (const path of [tree.parts.volume, ...tree.parts.layers]) {
        open.push(idmappedTree('FILES:TREE', path, namespace));
      }
    }
    return await startConfined('FILES:HELPER', program, tree.idBase, open);
  } finally {
    closeAll(open);
  }
}

/** Kills it and waits until it has let go of the tree. */
async function end(child: Helper): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  endHelper(child);
  await gone;
}

async function ask(
  child: Helper,
  tree: Tree,
  call: Parameters<Files['call']>[1],
  body: AsyncIterable<Uint8Array> | null,
): Promise<FilesAnswer> {
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) throw new Error('a helper has no pipes');
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  const timer = setTimeout(() => endHelper(child), timeoutOf(call.op));
  const { root, parts, backup: reader = false } = tree;
  try {
    stdin.write(headLine({ root, reader, layers: parts?.layers.length ?? 0, op: call.op, order: call.order }));
    if (body === null) stdin.end();
    else void feed(body, stdin).catch(() => endHelper(child));
    const { head, rest } = await readFramed(stdout);
    return { answer: answerOf(head), body: whole(rest, ended, child) };
  } catch (error) {
    endHelper(child);
    if (error instanceof BerthError) throw error;
    throw new BerthError('action_failed', 'The files could not be reached.', { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Content that is cut off must not be taken for the whole: then this throws, and the helper never sees its end. A helper that
 * answers before it has taken all (no room) ends; what still comes is read and dropped, for to break off whoever sends it would
 * take the answer from them too.
 */
async function feed(body: AsyncIterable<Uint8Array>, stdin: Writable): Promise<void> {
  for await (const chunk of body) if (stdin.writable && !stdin.write(chunk)) await roomOrEnd(stdin);
  stdin.end();
}

function roomOrEnd(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
    if (stream.destroyed) done();
  });
}

/** What a helper says is parsed like anything that comes from a container: it has read a tenant's files. */
function answerOf(head: unknown): unknown {
  const { ok, answer, code, detail } = head as Record<string, unknown>;
  if (ok === true) return answer;
  const known = ErrorCode.safeParse(code);
  const text = typeof detail === 'string' ? detail.slice(0, 300) : undefined;
  if (!known.success || known.data === 'internal') {
    throw new BerthError('action_failed', 'The server could not do this with the files.', { inside: String(text) });
  }
  throw new BerthError(known.data, text);
}

/**
 * The body, which must end with the helper ending well. A reader that stops, or gives it up before it has begun, ends the helper: a
 * generator that was never begun has no `finally` to run.
 */
function whole(
  rest: AsyncGenerator<Uint8Array>,
  ended: Promise<number | null>,
  child: Helper,
): AsyncGenerator<Uint8Array> {
  const body = untilEnd(rest, ended, child);
  const giveUp = body.return.bind(body);
  return Object.assign(body, {
    return(value: unknown) {
      endHelper(child);
      return giveUp(value);
    },
  });
}

async function* untilEnd(
  rest: AsyncGenerator<Uint8Array>,
  ended: Promise<number | null>,
  child: Helper,
): AsyncGenerator<Uint8Array> {
  try {
    yield* rest;
    const code = await ended;
    if (code !== 0) throw new BerthError('action_failed', 'The content was cut off.', { inside: `helper: ${code}` });
  } finally {
    endHelper(child);
  }
}
