/** What restic says of damage, read; nothing here has an effect. Its words are those of restic 0.16 to 0.19. */

/** What a check of a repository found. Names are whole: 64 hexadecimal digits. */
export type Damage = {
  /** Packs with changed, cut off or unreadable content. */
  packs: string[];
  /** Packs that the index names and that are not there. */
  lost: string[];
  /** Index files that cannot be read. */
  indexes: string[];
  /** Content that a snapshot needs and nothing holds: of files, and of folders. */
  blobs: string[];
  trees: string[];
  /** Snapshots whose own file cannot be read; the beginnings of their names. */
  snapshots: string[];
};

const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].flatMap(([, id]) => (id === undefined ? [] : [id]))),
];

/** Reads the output of `restic check`, both streams together. */
export function parseDamage(text: string): Damage {
  return {
    packs: all(text, /\bpack ([0-9a-f]{64})(?: contains \d+ errors|: unexpected file size| failed: )/g),
    lost: all(text, /\bpack ([0-9a-f]{64}): does not exist/g),
    indexes: all(text, /error loading index ([0-9a-f]{64})/g),
    blobs: all(text, /\bblob ([0-9a-f]{64}) not found in index/g),
    trees: all(text, /\bid ([0-9a-f]{64}) not found in repository/g),
    snapshots: all(text, /failed to load snapshot ([0-9a-f]{8,64})/g),
  };
}

/** Compares every n-th part of the data with what it should be; the parts are the same from one run to the next. */
export function checkPartArguments(part: { n: number; of: number }) {
  return ['check', '--read-data-subset', `${part.n}/${part.of}`];
}

/** Without a lock, and so without holding anybody up; what it finds is looked at again with one. */
export const checkStructureArguments = (ids: readonly string[]) => ['check', '--no-lock', '--', ...ids];
export const checkAllArguments = (ids: readonly string[]) => ['check', '--no-lock', '--read-data', '--', ...ids];

export function findArguments(what: 'blob' | 'tree' | 'pack', ids: readonly string[], snapshotId?: string) {
  const where = snapshotId === undefined ? [] : ['--snapshot', snapshotId];
  return ['find', '--no-lock', '--json', `--${what}`, ...where, '--', ...ids];
}

/** Where something lies: in which snapshot, and under what name of the container's. */
export type Place = { snapshotId: string; path: string };

/** Reads `restic find --json`, whose list is interrupted by remarks where a folder cannot be read. */
export function parsePlaces(text: string): Place[] {
  const places: Place[] = [];
  for (const [line] of text.matchAll(/\{"object_type":"(?:blob|tree)"(?:[^"{}]|"(?:[^"\\]|\\.)*")*\}/g)) {
    try {
      const { path, snapshot, object_type: kind } = JSON.parse(line) as Record<string, unknown>;
      if (typeof path !== 'string' || typeof snapshot !== 'string') continue;
      places.push({ snapshotId: snapshot, path: `${inside(path)}${kind === 'tree' ? '/' : ''}` });
    } catch {
      // A line that is not understood names nothing.
    }
  }
  return places;
}

/** A path as the container calls it: what is backed up lies in `…/upper`. */
function inside(path: string): string {
  const found = /\/upper(\/.*)?$/s.exec(path.replace(/^.*?(?=\/upper(?:\/|$))/s, ''));
  return found === null ? path.replace(/^.*\//, '') : (found[1] ?? '');
}

/** Ends of what `restic backup` says where the backup before is damaged, before it stores the same again. */
const storedAgain = [
  / not found in the repository index; storing the file again$/,
  /: tree [0-9a-f]{64} is not known; the repository could be damaged, run `repair index` to try to repair it$/,
];

/**
 * Whether all that `restic backup` complained of (exit status 3) is that the backup before is damaged: content it had was gone, and
 * was stored again. Then what it made is whole.
 */
export function onlyStoredAgain(stderr: string): boolean {
  const lines = stderr.split('\n').filter((line) => line.trim() !== '');
  const words = lines.map(complaint);
  return words.some((word) => word === 'again') && words.every((word) => word !== 'other');
}

function complaint(line: string): 'again' | 'end' | 'other' {
  try {
    const { message_type: kind, error } = JSON.parse(line) as { message_type?: string; error?: { message?: string } };
    if (kind === 'exit_error') return 'end';
    const message = error?.message ?? '';
    return kind === 'error' && storedAgain.some((pattern) => pattern.test(message)) ? 'again' : 'other';
  } catch {
    return 'other';
  }
}
