/** Servers on unix sockets that only root may open: the directory they lie in is root's alone. */
import { rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { effect } from './fault.ts';

export async function listenAt(label: string, server: Server, path: string): Promise<void> {
  await effect(label, async () => {
    rmSync(path, { force: true });
    await new Promise<void>((done, failed) => {
      server.once('error', failed);
      server.listen(path, done);
    });
  });
}

export async function unlisten(server: Server, path: string): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  rmSync(path, { force: true });
}
