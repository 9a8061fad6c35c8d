/** What is mounted in this mount namespace. */
import * as fs from 'node:fs';

export type MountEntry = { target: string; type: string; source: string; readOnly: boolean };

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
    entries.push({ target: unescapeOctal(target), type, source: unescapeOctal(source ?? ''), readOnly });
  }
  return entries;
}

export function mountsBelow(directory: string): MountEntry[] {
  return parseMountinfo(fs.readFileSync('/proc/self/mountinfo', 'utf8')).filter((m) =>
    m.target.startsWith(`${directory}/`),
  );
}

export function isMounted(path: string): boolean {
  return parseMountinfo(fs.readFileSync('/proc/self/mountinfo', 'utf8')).some((m) => m.target === path);
}
