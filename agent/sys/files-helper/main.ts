/**
 * The helper that touches a container's files: one process, one call. Started by agent/files in namespaces of its own; says
 * `ready`, reads `{root, layers, reader, op, order}` as a line and any content after it from standard input, shuts itself into `root`, and
 * answers with a line, `{ok: true, answer}` or `{ok: false, code, detail}`, and any content after that. Nearly everything is
 * synchronous: there is nothing else for this process to do.
 */
import type { InsideCall } from '#agent/adapters.ts';
import type { FileOp, FileOrderOf } from '#lib/contract/files.ts';
import { confine, confineReader } from '../confine.ts';
import { change } from './change.ts';
import { changes } from './changes.ts';
import { compare } from './compare.ts';
import { archive, read, write } from './content.ts';
import { list } from './list.ts';
import { pack } from './pack.ts';
import { takeParts } from './parts.ts';
import { place } from './place.ts';
import { recover } from './recover.ts';
import { recoverableChanges } from './recoverable.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { send } from './send.ts';
import { input, output } from './streams.ts';
import { survey } from './survey.ts';
import { trash } from './trash.ts';
import { unpack } from './unpack.ts';
import { written } from './written.ts';

type Line = { root: string; layers: number; reader: boolean; op: keyof Calls; order: never };
type Calls = { [O in Exclude<FileOp, InsideCall['op']>]: (order: FileOrderOf<O>) => void } & {
  [O in InsideCall['op']]: (order: Extract<InsideCall, { op: O }>['order']) => void | Promise<void>;
};
const answer = (value: unknown) => output.line({ ok: true, answer: value });
const calls: Calls = {
  list: (order) => answer(list(order)),
  read: (order) => read(order, answer),
  archive: (order) => archive(order, answer),
  trash: () => answer(trash()),
  changes: (order) => answer(order.system || order.recover ? recoverableChanges(order) : changes(order)),
  write: (order) => answer(write(order)),
  pack: (order) => pack(order, answer),
  unpack: async (order) => answer(await unpack(order)),
  compare: (order) => answer(compare(order)),
  written: (order) => answer(written(order)),
  survey,
  send,
  recover,
  place: () => answer(place()),
  change: ({ change: what }) => answer({ changed: change(what) }),
};

output.text('ready\n');
let told = false;
try {
  const { root, layers, reader, op, order } = JSON.parse(input.line()) as Line;
  if (reader) confineReader(root);
  else confine(root);
  takeParts(layers);
  const call = calls[op] as ((order: never) => void | Promise<void>) | undefined;
  if (call === undefined) throw new Refusal('invalid', 'The server does not know this.');
  told = true;
  await call(order);
} catch (error) {
  // An answer that has begun can only be cut off: whoever reads it sees the exit status.
  if (output.begun) process.exitCode = 1;
  else output.line({ ok: false, ...refusalOf(error) });
  if (!told) process.exitCode = 1;
}
