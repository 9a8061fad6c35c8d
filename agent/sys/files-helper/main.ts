/**
 * The helper that touches a container's files: one process, one call. Started by agent/files in namespaces of its own; says
 * `ready`, reads `{root, layers, op, order}` as a line and any content after it from standard input, shuts itself into `root`, and
 * answers with a line, `{ok: true, answer}` or `{ok: false, code, detail}`, and any content after that. Nearly everything is
 * synchronous: there is nothing else for this process to do.
 */
import type { FileOp, FileOrderOf, RestoreOrder } from '#lib/contract/files.ts';
import type { PackOrder, UnpackOrder } from '#lib/contract/transfers.ts';
import { confine } from '../confine.ts';
import { change } from './change.ts';
import { changes } from './changes.ts';
import { archive, read, write } from './content.ts';
import { list } from './list.ts';
import { pack } from './pack.ts';
import { takeParts } from './parts.ts';
import { Refusal, refusalOf } from './refusal.ts';
import { restore } from './restore.ts';
import { input, output } from './streams.ts';
import { trash } from './trash.ts';
import { unpack } from './unpack.ts';

type Line = { root: string; layers: number; op: keyof Calls; order: never };
type Calls = { [O in FileOp]: (order: FileOrderOf<O>) => void } & {
  restore: (order: RestoreOrder) => void;
  pack: (order: PackOrder) => void;
  unpack: (order: UnpackOrder) => Promise<void>;
};
const answer = (value: unknown) => output.line({ ok: true, answer: value });
const calls: Calls = {
  list: (order) => answer(list(order)),
  read: (order) => read(order, answer),
  archive: (order) => archive(order, answer),
  trash: () => answer(trash()),
  changes: (order) => answer(changes(order)),
  write: (order) => answer(write(order)),
  restore: (order) => answer(restore(order)),
  pack: (order) => pack(order, answer),
  unpack: async (order) => answer(await unpack(order)),
  change: ({ change: what }) => answer({ changed: change(what) }),
};

output.text('ready\n');
let told = false;
try {
  const { root, layers, op, order } = JSON.parse(input.line()) as Line;
  confine(root);
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
