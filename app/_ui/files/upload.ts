import { v7 as uuidv7 } from 'uuid';
import { Problem } from '#lib/contract/errors.ts';
import { UploadState } from '#lib/contract/files.ts';
import { address } from '../address.ts';
import { ApiError } from '../api.ts';
import { encode } from './paths.ts';

const pieceBytes = 8 * 1024 * 1024;
/** How often a piece is tried again, from where the server says it is, before it is given up. */
const retries = 5;
const retryMs = 1500;

type Watch = { onProgress: (sentBytes: number) => void; signal: AbortSignal };
export type UploadOptions = Watch & { replace: boolean };
/** How far the server is; `done` ends it. */
type Reached = { received: number; done: boolean };

/** Sends a file in pieces; a piece that is cut off is sent again from where the server's part of it ends. */
export async function uploadFile(containerId: string, path: string, file: File, options: UploadOptions): Promise<void> {
  const upload = uuidv7();
  const urlOf = (offset: number) => {
    const query = { path: encode(path), upload, offset, size: file.size, replace: options.replace };
    return address('/containers/{id}/files/content', { id: containerId }, query);
  };
  const read = (json: unknown) => {
    const state = UploadState.safeParse(json);
    return state.success ? { received: state.data.received, done: state.data.entry !== null } : null;
  };
  await uploadPieces(file, urlOf, read, options);
}

/** The same for whatever takes pieces: `urlOf` an offset, and what its answers say. `from`: so much is there already. */
export async function uploadPieces(
  file: File,
  urlOf: (offset: number) => string,
  read: (json: unknown) => Reached | null,
  { onProgress, signal, from = 0 }: Watch & { from?: number },
): Promise<void> {
  let [offset, failures] = [from, 0];
  for (;;) {
    try {
      const piece = file.slice(offset, offset + pieceBytes);
      const reached = await put(`/api/v1${urlOf(offset)}`, piece, read, (bytes) => onProgress(offset + bytes), signal);
      if (reached.done) return;
      offset = reached.received;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (error instanceof ApiError || signal.aborted || failures > retries) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs * failures));
    }
  }
}

/** XMLHttpRequest, because only it tells how much of a body has gone out. */
function put(
  url: string,
  body: Blob,
  read: (json: unknown) => Reached | null,
  onProgress: (bytes: number) => void,
  signal: AbortSignal,
): Promise<Reached> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('PUT', url);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.upload.onprogress = (event) => onProgress(event.loaded);
    const stop = () => request.abort();
    signal.addEventListener('abort', stop, { once: true });
    request.onloadend = () => signal.removeEventListener('abort', stop);
    request.onabort = () => reject(new DOMException('stopped', 'AbortError'));
    request.onerror = () => reject(new Error('The connection was lost.'));
    request.onload = () => {
      const json = parse(request.responseText);
      const reached = read(json);
      if (request.status === 200 && reached !== null) return resolve(reached);
      const problem = Problem.safeParse(json);
      if (problem.success && problem.data.status < 500) return reject(new ApiError(problem.data));
      if (problem.success && problem.data.code === 'no_space') return reject(new ApiError(problem.data));
      reject(new Error(`The panel answered with ${request.status}.`));
    };
    request.send(body);
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
