/**
 * What the tree is made of, as descriptors the agent has handed over: the volume (with the private area in `upper`) and the
 * template's layers. They are mounted nowhere; one goes into them by fchdir, and paths there begin with a dot.
 */
import * as fs from 'node:fs';
import { raw } from '../kernel.ts';

const fchdir = raw.bind('int fchdir(int)');
const volume = 3;
let layers: number[] = [];

export function takeParts(count: number): void {
  layers = Array.from({ length: count }, (_, i) => volume + 1 + i);
}

/** Does something with the working directory in one of the parts; what it opens by relative paths lies there. */
function inside<T>(part: number, work: () => T): T {
  raw.check('fchdir', fchdir(part));
  try {
    return work();
  } finally {
    process.chdir('/');
  }
}

const below = (path: Buffer) => Buffer.concat([Buffer.from('.'), path]);

/** The private area alone: what was written over the template, and marks of what was deleted from it. */
export const upper = {
  stat: (path: Buffer) => inside(volume, () => statOf(Buffer.concat([Buffer.from('./upper'), path]))),
  names: (path: Buffer) => inside(volume, () => namesOf(Buffer.concat([Buffer.from('./upper'), path]))),
};

/** The template: of several layers the highest that has a path counts. */
export const template = {
  stat(path: Buffer): fs.BigIntStats | undefined {
    for (const layer of layers) {
      const stat = inside(layer, () => statOf(below(path)));
      if (stat !== undefined) return stat;
    }
    return undefined;
  },
  names(path: Buffer): Buffer[] {
    const all = new Map<string, Buffer>();
    for (const layer of layers) {
      for (const name of inside(layer, () => namesOf(below(path)))) all.set(name.toString('latin1'), name);
    }
    return [...all.values()];
  },
  /** Whether two links say the same. */
  link: (path: Buffer): Buffer | undefined => {
    for (const layer of layers) {
      const stat = inside(layer, () => statOf(below(path)));
      if (stat !== undefined) return inside(layer, () => fs.readlinkSync(below(path), { encoding: 'buffer' }));
    }
    return undefined;
  },
  /** Calls `work` where the template's version is, with the path it has there. */
  at<T>(path: Buffer, work: (from: Buffer) => T): T | undefined {
    for (const layer of layers) {
      if (inside(layer, () => statOf(below(path))) !== undefined) return inside(layer, () => work(below(path)));
    }
    return undefined;
  },
};

function statOf(path: Buffer): fs.BigIntStats | undefined {
  try {
    return fs.lstatSync(path, { bigint: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

function namesOf(path: Buffer): Buffer[] {
  return statOf(path)?.isDirectory() === true ? fs.readdirSync(path, { encoding: 'buffer' }) : [];
}
