/**
 * How files go from one system into another that no one process sees both of: as lines, and after that of a file its content.
 * `tree` begins something whole, which `thing`s make up, folders before what is in them, and `end` puts into place.
 */
import type { FileKind } from '#lib/contract/files.ts';

export type Attributes = {
  mode: number;
  uid: number;
  gid: number;
  /** Nanoseconds. */
  accessed: string;
  modified: string;
  /** Extended ones; values in base64. */
  extended: Record<string, string>;
};
/** `taken`: what becomes of it if there is something of its name by now. Paths are base64 of the bytes. */
export type Taken = 'trash' | 'same' | 'left';
export type ParcelLine =
  | { is: 'tree'; to: string; taken: Taken }
  | { is: 'thing'; below: string; kind: FileKind; attributes: Attributes; size: number; link?: string; hard?: string }
  | { is: 'end' }
  | { is: 'folder'; to: string; attributes: Attributes }
  | { is: 'over'; same: number; left: number };
