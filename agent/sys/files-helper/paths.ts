import { Refusal } from './refusal.ts';

const slash = Buffer.from('/');

/** The bytes of a path of the API, absolute, without a slash at the end; the root folder is `/`. */
export function pathOf(base64: string): Buffer {
  const given = Buffer.from(base64.replaceAll(' ', '+'), 'base64').toString('latin1');
  return Buffer.from(`/${given.split('/').filter(Boolean).join('/')}`, 'latin1');
}

/** The same for something that is to be changed, which the root folder is not. */
export function changeablePath(base64: string): Buffer {
  const path = pathOf(base64);
  if (path.length === 1) throw new Refusal('invalid', 'The root folder stays as it is.');
  return path;
}

export function child(folder: Buffer, name: Buffer): Buffer {
  return folder.length === 1 ? Buffer.concat([slash, name]) : Buffer.concat([folder, slash, name]);
}

export function parentOf(path: Buffer): Buffer {
  const at = path.lastIndexOf(47);
  return at <= 0 ? slash : path.subarray(0, at);
}

export function nameOf(path: Buffer): Buffer {
  return path.subarray(path.lastIndexOf(47) + 1);
}

/** Whether `path` is `folder` or lies in it. */
export function isWithin(path: Buffer, folder: Buffer): boolean {
  if (folder.length === 1) return true;
  return (
    path.subarray(0, folder.length).equals(folder) && (path.length === folder.length || path[folder.length] === 47)
  );
}
