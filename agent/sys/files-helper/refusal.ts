import type { ErrorCode } from '#lib/contract/berth-error.ts';

/** Why a call is not carried out, in words for whoever asked. */
export class Refusal extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** What the kernel's refusals mean to whoever owns the files. */
const meanings: Record<string, { code: ErrorCode; detail: string }> = {
  ENOENT: { code: 'not_found', detail: 'There is no such file or folder.' },
  ENOTDIR: { code: 'invalid', detail: 'A part of the path is not a folder.' },
  EISDIR: { code: 'invalid', detail: 'That is a folder.' },
  EEXIST: { code: 'conflict', detail: 'There is something of that name already.' },
  ENOTEMPTY: { code: 'conflict', detail: 'The folder is not empty.' },
  ELOOP: { code: 'invalid', detail: 'The links of this path go round in circles.' },
  ENAMETOOLONG: { code: 'invalid', detail: 'The path is too long.' },
  ENOSPC: { code: 'no_space', detail: 'The disk of the container is full.' },
  EDQUOT: { code: 'no_space', detail: 'The disk of the container is full.' },
  EACCES: { code: 'state', detail: 'The system does not allow this, not even to root.' },
  EPERM: { code: 'state', detail: 'The system does not allow this: the file may be marked as immutable.' },
  EROFS: { code: 'state', detail: 'This cannot be changed.' },
  EBUSY: { code: 'state', detail: 'This is in use.' },
  ETXTBSY: { code: 'state', detail: 'This program is running.' },
  EINVAL: { code: 'invalid', detail: 'The file system does not take that name.' },
};

export function refusalOf(error: unknown): { code: ErrorCode; detail: string } {
  if (error instanceof Refusal) return { code: error.code, detail: error.message };
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return meanings[code] ?? { code: 'internal', detail: String(error).slice(0, 300) };
}

/** Whether an error is the kernel's of one of these names. */
export function isErrno(error: unknown, ...names: string[]): boolean {
  return names.includes((error as NodeJS.ErrnoException | undefined)?.code ?? '');
}
