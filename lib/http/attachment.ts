import { Readable } from 'node:stream';

type Options = {
  /** Media type; what could be anything is an `application/octet-stream`. */
  type?: string;
  /** Of what is sent, in bytes; null when that is not known before. */
  sizeBytes?: number | null;
  status?: number;
  headers?: Record<string, string>;
};

/**
 * Bytes for a browser to keep and not to show: an attachment that is not guessed to be something else and, should somebody open it
 * all the same, has no rights. The name is as good as it can be said in a header (RFC 6266). Read as fast as it is taken.
 */
export function attachment(body: AsyncIterable<Uint8Array | string>, name: string, options: Options = {}): Response {
  const { type = 'application/octet-stream', sizeBytes = null, status = 200, headers } = options;
  const plain = name.replace(/[^A-Za-z0-9._-]/g, '_') || 'file';
  const encoded = encodeURIComponent(name.toWellFormed()).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
  // Node's type of a web stream is not the platform's, though the stream is.
  const stream = Readable.toWeb(Readable.from(body, { objectMode: false })) as unknown as ReadableStream;
  return new Response(stream, {
    status,
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${plain}"; filename*=UTF-8''${encoded}`,
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      ...(sizeBytes === null ? {} : { 'content-length': String(sizeBytes) }),
      ...headers,
    },
  });
}
