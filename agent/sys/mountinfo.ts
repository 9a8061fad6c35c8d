/** What is mounted in this mount namespace. */
import * as fs from 'node:fs';

export type MountEntry = {
  target: string;
  type: string;
  source: string;
  readOnly: boolean;
  /** The mount's own, not its file system's: `nosuid`, `nodev`, `ro` … */
  options: readonly string[];
  /** Within which mounts and unmounts are passed on; null: it passes nothing on. */
  group: number | null;
};

const unescapeOctal = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));

/** Parses /proc/PID/mountinfo (proc(5)). `readOnly` is true when mount or file system is. */
export function parseMountinfo(text: string): MountEntry[] {
  const entries: MountEntry[] = [];
  for (const line of text.split('\n')) {
    const fields = line.split(' ');
    const separator = fields.indexOf('-', 6);
    const [target, options] = [fields[4], fields[5]];
    const [type, source, superOptions] = fields.slice(separator + 1);
    if (separator < 0 || target === undefined || options === undefined || type === undefined) continue;
    const readOnly = [options, superOptions ?? ''].some((list) => list.split(',').includes('ro'));
    const group = fields.slice(6, separator).find((field) => field.startsWith('shared:'));
    entries.push({
      ...{ target: unescapeOctal(target), type, source: unescapeOctal(source ?? ''), readOnly },
      options: options.split(','),
      group: group === undefined ? null : Number(group.slice('shared:'.length)),
    });
  }
  return entries;
}

const present = (): MountEntry[] => parseMountinfo(fs.readFileSync('/proc/self/mountinfo', 'utf8'));

export function mountsBelow(directory: string): MountEntry[] {
  return present().filter((m) => m.target.startsWith(`${directory}/`));
}

export function isMounted(path: string): boolean {
  return present().some((m) => m.target === path);
}

/** Whether what is mounted at `path` has all of these options. */
export function isMountedWith(path: string, options: readonly string[]): boolean {
  const own = present().findLast((m) => m.target === path);
  return own !== undefined && options.every((option) => own.options.includes(option));
}

/** Whether something is mounted at `path` that passes mounts on to its own copies, and to nothing else that is mounted here. */
export function sharesWithItselfOnly(path: string): boolean {
  const all = present();
  const own = all.findLast((m) => m.target === path);
  return own !== undefined && own.group !== null && all.every((m) => m === own || m.group !== own.group);
}
