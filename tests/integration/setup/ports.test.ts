import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { mergeConfig } from '#server/setup/configure.ts';
import { type SetupContext, setupContext } from '#server/setup/context.ts';
import { portFaults } from '#server/setup/ports.ts';
import { runSteps } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';
import { freePort } from '../../support/postgres.ts';

const stateDir = mkdtempSync(join(tmpdir(), 'berth-ports-'));
afterAll(() => rmSync(stateDir, { recursive: true, force: true }));

const ports = { port: await freePort(), agentPort: await freePort(), postgresPort: await freePort() };
const contextFor = (options: object): SetupContext =>
  setupContext(mergeConfig(undefined, { instance: 'tp', name: 'ports', ...ports, ...options }, false), stateDir, {
    NODE_ENV: 'test',
  });
const firstStep = (context: SetupContext) =>
  runSteps(
    baseSteps.filter((step) => step.name === 'host'),
    context,
    () => undefined,
  );

/** Another program that listens on `port`, until `end`. */
async function listener(port: number, environment: Record<string, string> = {}) {
  const script = `require('net').createServer().listen(${port}, '127.0.0.1', () => console.log('listening'))`;
  const child = spawn(process.execPath, ['-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { NODE_ENV: 'test', ...environment },
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  return {
    pid: child.pid,
    async end() {
      const gone = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await gone;
    },
  };
}

it.each([
  ['--port', 'port'],
  ['--agent-port', 'agentPort'],
  ['--postgres-port', 'postgresPort'],
] as const)('says in the first step who holds the port of %s, and how to choose another', async (option, name) => {
  const context = contextFor({});
  const stranger = await listener(ports[name]);
  try {
    const refusal = firstStep(context);
    await expect(refusal).rejects.toThrow(`Port ${ports[name]} is held by`);
    await expect(refusal).rejects.toThrow(`(process ${stranger.pid})`);
    await expect(refusal).rejects.toThrow(`choose another port with ${option}`);
  } finally {
    await stranger.end();
  }
  await expect(firstStep(context)).resolves.toBeUndefined();
});

it('takes no offence at its own processes', async () => {
  const own = await listener(ports.port, { BERTH_STATE: stateDir });
  try {
    expect(await portFaults(contextFor({}))).toEqual([]);
  } finally {
    await own.end();
  }
});

it('refuses one port for two things, and an address that is not this machine’s', async () => {
  await expect(firstStep(contextFor({ agentPort: ports.port }))).rejects.toThrow(
    `Port ${ports.port} is also that of --port. Choose another port with --agent-port.`,
  );
  await expect(firstStep(contextFor({ bind: '192.0.2.1' }))).rejects.toThrow(
    'This machine does not have the address 192.0.2.1. Give one that it has with --bind.',
  );
});
