/**
 * Runs an installation's processes where no systemd does: starts them on request, starts them again when they end, stops
 * them in order. Started by "berth up" as a daemon; asked through `<state>/run/supervisor.sock` (server/supervisor-client.ts).
 * Containers are none of its business: their monitors outlive it and the agent.
 */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { defaultStateDir, readConfig } from '#lib/settings.ts';
import { setupContext } from './setup/context.ts';
import { ensureMounts } from './setup/mounts.ts';
import { readRelease } from './setup/release.ts';
import { askSupervisor, type SupervisorAnswer } from './supervisor-client.ts';
import { SupervisedProcess } from './supervisor-process.ts';
import { serviceDefinitions, serviceNames, stopOrder } from './supervisor-services.ts';

const Request = z.union([
  z.object({ verb: z.literal('status') }),
  z.object({ verb: z.enum(['start', 'stop', 'restart']), service: z.enum(serviceNames) }),
]);

// Also an argument, so that the list of processes shows whose it is.
const stateDir = process.argv[2] ?? defaultStateDir();
/** From the tree that the installation is to run from: an upgrade needs no new supervisor. */
const installed = () => {
  const context = setupContext(readConfig(stateDir), stateDir);
  return { ...context, repoDir: readRelease(stateDir)?.repoDir ?? context.repoDir };
};
const context = installed();
const { paths } = context;
const pidFile = join(paths.run, 'supervisor.pid');

if ((await askSupervisor(paths.supervisorSocket, { verb: 'status' })) !== undefined) {
  console.error('A supervisor is running already.');
  process.exit(1);
}
rmSync(paths.supervisorSocket, { force: true });
await ensureMounts(context);
const processes = new Map(
  (await serviceDefinitions(context)).map((definition) => [definition.name, new SupervisedProcess(definition, paths)]),
);

/** Definitions are read anew at each start: an upgrade or a changed port needs no new supervisor. */
async function handle(text: string): Promise<SupervisorAnswer> {
  const request = Request.parse(JSON.parse(text));
  if (request.verb !== 'status') {
    const present = processes.get(request.service);
    if (request.verb !== 'start' || present?.status().state !== 'running') await present?.stop();
    const definition = (await serviceDefinitions(installed())).find((item) => item.name === request.service);
    if (definition === undefined) processes.delete(request.service);
    if (request.verb !== 'stop' && present?.status().state !== 'running') {
      if (definition === undefined) throw new Error(`${request.service} is not part of this installation`);
      const fresh = new SupervisedProcess(definition, paths);
      processes.set(request.service, fresh);
      await fresh.start();
    }
  }
  return answer();
}

function answer(error?: string): SupervisorAnswer {
  const services = [...processes.values()].map((item) => item.status());
  return { pid: process.pid, services, ...(error === undefined ? {} : { error }) };
}

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
    if (text.length > 10_000) socket.destroy();
  });
  socket.on('error', () => undefined);
  socket.on('end', () => {
    handle(text)
      .catch((error: unknown) => answer(error instanceof Error ? error.message : String(error)))
      .then((reply) => socket.end(JSON.stringify(reply)))
      .catch(() => socket.destroy());
  });
});
server.listen(paths.supervisorSocket, () => {
  chmodSync(paths.supervisorSocket, 0o600);
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });
});

let leaving = false;
async function leave(): Promise<void> {
  if (leaving) return;
  leaving = true;
  server.close();
  for (const name of stopOrder) await processes.get(name)?.stop();
  rmSync(paths.supervisorSocket, { force: true });
  rmSync(pidFile, { force: true });
  process.exit(0);
}
for (const name of ['SIGTERM', 'SIGINT'] as const) process.on(name, () => void leave());
process.on('SIGHUP', () => undefined);
