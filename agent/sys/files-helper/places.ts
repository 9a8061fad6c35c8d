/** Where the trash is, and what is not finished yet. */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import { child } from './paths.ts';
import { isErrno, Refusal } from './refusal.ts';
import { removeTree } from './walk.ts';

export const trashFolder = Buffer.from('/.berth-trash');
export const unfinished = Buffer.from('unfinished');
/** An upload may be gone on with for a day; whatever else is not finished when its helper is long dead never will be. */
const uploadLifeMs = 24 * 3600_000;
const otherLifeMs = 15 * 60_000;
const ownPrefix = 'own-';

/** Made when it is needed; only the container's root may look inside. What a tenant put there instead is refused. */
function ensure(folder: Buffer): Buffer {
  try {
    fs.mkdirSync(folder, 0o700);
  } catch (error) {
    if (!isErrno(error, 'EEXIST')) throw error;
    if (!fs.lstatSync(folder).isDirectory())
      throw new Refusal('conflict', 'Where the trash belongs is something else.');
  }
  return folder;
}

export const ensureTrash = (): Buffer => ensure(trashFolder);

/** Where uploads and copies wait until they are whole. What nobody has come back for in time goes. */
export function uploadsFolder(): Buffer {
  const folder = ensure(child(ensureTrash(), unfinished));
  for (const name of fs.readdirSync(folder, { encoding: 'buffer' })) {
    const path = child(folder, name);
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    const lifeMs = name.toString().startsWith(ownPrefix) ? otherLifeMs : uploadLifeMs;
    if (stat !== undefined && Date.now() - stat.ctimeMs > lifeMs) removeTree(path);
  }
  return folder;
}

export function newTemporary(): Buffer {
  return child(uploadsFolder(), Buffer.from(`${ownPrefix}${randomBytes(9).toString('hex')}`));
}
