/** How the file of a container that is to be imported gets to its server: in pieces, and on from where an upload of the same file was cut off. */
import { fingerprint, headBytes } from '#lib/contract/fingerprint.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { ImportUpload } from '#lib/contract/transfers.ts';
import { address } from './address.ts';
import { call } from './api.ts';
import { uploadPieces } from './files/upload.ts';

export type Wish = { tenantId: string; planId: string; name: string; start: boolean };
type Watch = { onProgress: (sentBytes: number) => void; signal: AbortSignal };

/** Why an upload ends: what has come of it is not wanted any more. Cut off in any other way, it is kept to go on with. */
export const givenUp = Symbol('givenUp');

/** In a page that came without TLS the browser makes no digests: nobody can tell there whether a file is the same. */
export const canGoOn = () => globalThis.isSecureContext !== false;

/** Sends what is missing of the file, and asks for the container. Asked again with the same file, tenant and plan, it goes on, however it ended before. */
export async function importArchive(file: File, wish: Wish, { onProgress, signal }: Watch): Promise<Operation> {
  const { name, start, ...place } = wish;
  const { id, receivedBytes } = await uploadFor(file, place);
  const urlOf = (offset: number) => address('/imports/{id}/content', { id }, { offset });
  try {
    signal.throwIfAborted();
    onProgress(receivedBytes);
    if (receivedBytes < file.size)
      await uploadPieces(file, urlOf, reachedBy, { onProgress, signal, from: receivedBytes });
    return await call('containers.import', { body: { importId: id, name, start } });
  } catch (error) {
    // What cannot be given up now is forgotten after a day.
    if (signal.reason === givenUp || !canGoOn())
      await call('imports.giveUp', { params: { id } }).catch(() => undefined);
    throw error;
  }
}

/** The upload that was begun of this file, or a new one. */
async function uploadFor(file: File, place: Pick<Wish, 'tenantId' | 'planId'>): Promise<ImportUpload> {
  const { tenantId, planId } = place;
  const start = { ...place, sizeBytes: file.size, fileName: file.name };
  if (!canGoOn()) return await call('imports.start', { body: start });
  const print = await printOf(file);
  const { items } = await call('imports.list', { query: { tenantId } });
  const begun = items.find((one) => one.fingerprint === print && one.planId === planId);
  return begun ?? (await call('imports.start', { body: { ...start, fingerprint: print } }));
}

async function printOf(file: File): Promise<string> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  return await fingerprint({ sizeBytes: file.size, changedAtMs: file.lastModified, head });
}

function reachedBy(json: unknown) {
  const upload = ImportUpload.safeParse(json);
  if (!upload.success) return null;
  const { receivedBytes: received, sizeBytes } = upload.data;
  return { received, done: received === sizeBytes };
}
