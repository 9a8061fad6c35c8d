import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { BerthError } from '#lib/contract/errors.ts';
import { type Answered, atMost, bytesOf, readBody } from '../../sys/outbound.ts';
import { listenAt, unlisten } from '../../sys/socket-server.ts';
import { isAffordableKey } from './keys.ts';
import { type BlobType, blobTypes, isBlobName, mostBlobBytes, type ObjectName, type Objects } from './objects.ts';

function nameIn(repository: string, path: string): ObjectName | { repository: string; type: BlobType } | undefined {
  const [, first = '', second, ...more] = path.split('/');
  if (more.length > 0) return undefined;
  if (first === 'config' && second === undefined) return { repository, type: 'config' };
  const type = blobTypes.find((known) => known === first);
  if (type === undefined || second === undefined) return undefined;
  if (second === '') return { repository, type };
  return isBlobName(second) ? { repository, type, name: second } : undefined;
}

/**
 * restic's way to a server elsewhere: it speaks its REST protocol to this process over a socket that only root can open, and this
 * process to the server. So restic connects to nothing, needs no credentials, and can be led nowhere; whom we connect to is decided in
 * one place (sys/outbound.ts), and one repository at a time is all that it can reach.
 *
 * `use` gets the repository's address for restic. When it fails and the server had something to say against a request, that is
 * what is thrown: restic knows of status codes only.
 */
export async function withGateway<T>(
  objects: Objects,
  repository: string,
  socket: string,
  use: (address: string) => Promise<T>,
): Promise<T> {
  let trouble: BerthError | undefined;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://gateway');
    const object = nameIn(repository, pathname);
    const end = (status: number) => void response.writeHead(status, { 'content-length': 0 }).end();
    if (pathname === '/' && request.method === 'POST' && searchParams.get('create') === 'true') {
      await objects.make(repository);
      return end(200);
    }
    if (object === undefined) return end(404);
    if (object.type !== 'config' && !('name' in object)) {
      const listed = Buffer.from(JSON.stringify(await objects.list(repository, object.type)));
      const headers = { 'content-type': 'application/vnd.x.restic.rest.v2', 'content-length': listed.length };
      return void response.writeHead(200, headers).end(listed);
    }
    switch (request.method) {
      case 'HEAD': {
        const size = await objects.size(object);
        if (size === undefined) return end(404);
        return void response.writeHead(200, { 'content-length': size }).end();
      }
      case 'GET': {
        const found = await objects.read(object, request.headers.range);
        if (found === undefined) return end(404);
        if (object.type === 'keys') return await sendKey(found, response);
        const length = found.headers['content-length'];
        response.writeHead(found.status, length === undefined ? {} : { 'content-length': length });
        return await pipeline(found.body, atMost(mostBlobBytes[object.type]), response);
      }
      case 'POST': {
        if (object.type === 'config') {
          const content = await readBody(request, mostBlobBytes.config);
          await objects.write(object, bytesOf(content), createHash('sha256').update(content).digest('hex'));
        } else {
          const bytes = Number(request.headers['content-length']);
          if (!Number.isSafeInteger(bytes)) return end(411);
          await objects.write(object, { stream: request, bytes }, object.name);
        }
        return end(200);
      }
      case 'DELETE':
        await objects.remove(object);
        return end(200);
      default:
        return end(405);
    }
  }

  async function sendKey({ body }: Answered, response: ServerResponse): Promise<void> {
    const content = await readBody(body, mostBlobBytes.keys);
    if (!isAffordableKey(content))
      throw new BerthError('forbidden', "A key file of the backup location's repository is damaged.");
    response.writeHead(200, { 'content-length': content.length }).end(content);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (error instanceof BerthError) trouble = error;
      // 403 is final for restic; most else it tries again for a while.
      const status = error instanceof BerthError && error.code === 'forbidden' ? 403 : 502;
      if (response.headersSent) response.destroy();
      else response.writeHead(status, { 'content-length': 0, connection: 'close' }).end();
    });
  });
  server.requestTimeout = 0; // a large pack over a slow line takes as long as it takes
  await listenAt('REMOTE:GATEWAY', server, socket);
  try {
    return await use(`rest:http+unix://${socket}:/`);
  } catch (error) {
    throw trouble !== undefined && !(error instanceof BerthError) ? withCause(trouble, error) : error;
  } finally {
    await unlisten(server, socket);
  }
}

function withCause({ code, detail, inside }: BerthError, cause: unknown): BerthError {
  return new BerthError(code, detail, { cause, ...(inside === undefined ? {} : { inside }) });
}
