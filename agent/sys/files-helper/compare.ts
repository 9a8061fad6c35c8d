import { mostDifferencesListed } from '#lib/contract/file-limits.ts';
import type { BackupDifferences, FileOrderOf, Heap } from '#lib/contract/files.ts';
import { pathOf } from './paths.ts';
import { Refusal } from './refusal.ts';
import { Budget, type Facts, lookAt, Other, sameFacts, seen } from './survey.ts';

type Difference = 'here' | 'changed' | 'there';
type Folder = BackupDifferences['folders'][number];
const none = (): Heap => ({ count: 0, bytes: 0 });
const content = (facts: Facts | undefined) => (facts?.kind === 'file' ? facts.size : null);

/** This system against another, whose survey comes in as content. */
export function compare({ paths }: Pick<FileOrderOf<'compare'>, 'paths'>): BackupDifferences {
  const other = new Other();
  const roots = paths.map(pathOf);
  const prefixes = roots.map((root) => (root.length === 1 ? Buffer.alloc(0) : root));
  const found: BackupDifferences = {
    ...{ here: none(), changed: none(), there: none() },
    same: 0,
    folders: [],
    first: [],
    whole: other.whole,
  };
  const folders = new Map<string, Folder>();
  const note = (number: number, below: Buffer, difference: Difference, here?: Facts, there?: Facts) => {
    const kind = (here ?? there)?.kind ?? 'file';
    const bytes = content(here) ?? content(there) ?? 0;
    add(found[difference], bytes);
    if (number === 0) add(folderOf(folders, below, kind)[difference], bytes);
    if (found.first.length >= mostDifferencesListed) return;
    const path = below.length === 0 ? roots[number] : Buffer.concat([prefixes[number] ?? Buffer.alloc(0), below]);
    found.first.push({
      path: (path ?? below).toString('base64'),
      kind,
      difference,
      bytesHere: content(here),
      bytesThere: content(there),
    });
  };
  const budget = new Budget();
  for (const [number, root] of roots.entries()) {
    if (lookAt(root) === undefined && other.at(number, Buffer.alloc(0)) === undefined) {
      throw new Refusal('not_found', `Neither has ${root.toString().slice(0, 200)}.`);
    }
    for (const { below, facts } of seen(root, budget)) {
      const there = other.take(number, below);
      if (there === undefined) note(number, below, 'here', facts);
      else if (!sameFacts(facts, there)) note(number, below, 'changed', facts, there);
      else found.same += 1;
    }
  }
  if (budget.spent) found.whole = false;
  // What was not reached here would be taken for missing.
  else for (const { number, below, facts } of other.rest()) note(number, below, 'there', undefined, facts);
  const all = [...folders.values()].sort((a, b) => bytesOf(b) - bytesOf(a) || countOf(b) - countOf(a));
  if (all.length > mostDifferencesListed) found.whole = false;
  return { ...found, folders: all.slice(0, mostDifferencesListed) };
}

function add(heap: Heap, bytes: number): void {
  heap.count += 1;
  heap.bytes += bytes;
}

const bytesOf = ({ here, changed, there }: Folder) => here.bytes + changed.bytes + there.bytes;
const countOf = ({ here, changed, there }: Folder) => here.count + changed.count + there.count;

/** The child of the first folder in which something lies; the folder itself has an empty name. */
function folderOf(folders: Map<string, Folder>, below: Buffer, kind: Folder['kind']): Folder {
  const end = below.indexOf(47, 1);
  const name = below.subarray(1, end === -1 ? below.length : end);
  const key = name.toString('latin1');
  const known = folders.get(key);
  const itself = end === -1;
  if (known !== undefined) {
    if (itself) known.kind = kind;
    return known;
  }
  const folder: Folder = {
    name: name.toString('base64'),
    kind: itself ? kind : 'folder',
    ...{ here: none(), changed: none(), there: none() },
  };
  folders.set(key, folder);
  return folder;
}
