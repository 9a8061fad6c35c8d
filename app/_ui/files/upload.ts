import { v7 as uuidv7 } from 'uuid';
import { Problem } from '#lib/contract/errors.ts';
import { UploadState } from '#lib/contract/files.ts';
import { ApiError, address } from '../api.ts';
import { encode } from './paths.ts';

const pieceBytes = 8 * 1024 * 1024;
/** How often a piece is tried again, from where the server says it is, before it is given up. */
const retries = 5;
const retryMs = 1500;

export type UploadOptions = {
  replace: boolean;
  onProgress: (sentBytes: number) => void;
  signal: AbortSignal;
};

/** Sends a file in pieces; a piece that is cut off is sent again from where the server's part of it ends. */
export async function uploadFile(containerId: string, path: string, file: File, options: UploadOptions): Promise<void> {
  const upload = uuidv7();
  let [offset, failures] = [0, 0];
  for (;;) {
    const query = { path: encode(path), upload, offset, size: file.size, replace: options.replace };
    const url = `/api/v1${address('/containers/{id}/files/content', { id: containerId }, query)}`;
    try {
      const piece = file.slice(offset, offset + pieceBytes);
      const { received, entry } = await put(url, piece, (bytes) => options.onProgress(offset + bytes), options.signal);
      if (entry !== null) return;
      offset = received;
      failures = 0;
    } catch (error) {
      failures += 1;
      if (error instanceof ApiError || options.signal.aborted || failures > retries) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryMs * failures));
    }
  }
}

/** XMLHttpRequest, because only it tells how much of a body has gone out. */
function put(url: string, body: Blob, onProgress: (bytes: number) => void, signal: AbortSignal): Promise<UploadState> {
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
      const state = UploadState.safeParse(json);
      if (request.status === 200 && state.success) return resolve(state.data);
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
