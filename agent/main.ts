/**
 * The agent's process: `main.ts --config FILE [--sim]`. Reads its configuration, puts the adapters together, reconciles,
 * serves. SIGTERM and SIGINT end it and nothing else: containers run on, what is unfinished is taken up at the next start.
 * SIGHUP reads certificate and key again.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import type { Adapters } from './adapters.ts';
import { startAgent } from './agent.ts';
import { createBackups } from './backup/apply.ts';
import { composeRuntime } from './compose-runtime.ts';
import { AgentConfig } from './config.ts';
import { createFiles } from './files/apply.ts';
import { createLayers } from './layers/apply.ts';
import { createNetwork } from './network/apply.ts';
import { createRoots } from './rootfs/apply.ts';
import { createSimulator } from './sim/simulator.ts';
import { createTemplates } from './templates/apply.ts';
import { createTransfers } from './transfers/apply.ts';
import { createVolumes } from './volumes/apply.ts';
import { createQuotaVolumes } from './volumes/project-quota.ts';
import { createWriters } from './writers.ts';

function realAdapters(config: AgentConfig): Adapters {
  const { runtime, metrics } = composeRuntime(config);
  return {
    layers: createLayers(config),
    volumes:
      config.volumeDriver === 'project-quota'
        ? createQuotaVolumes(config, createWriters(config))
        : createVolumes(config),
    roots: createRoots(config),
    runtime,
    network: createNetwork(config),
    metrics,
    backups: createBackups(config),
    templates: createTemplates(config),
    files: createFiles(),
    transfers: createTransfers(config),
  };
}

const { values } = parseArgs({
  options: {
    config: { type: 'string' },
    sim: { type: 'boolean', default: false },
    pace: { type: 'string', default: '1' },
  },
});
if (values.config === undefined) throw new Error('say --config FILE');
const config = AgentConfig.parse(JSON.parse(readFileSync(values.config, 'utf8')));
const log = pino({
  level: process.env.BERTH_LOG ?? 'info',
  base: { process: 'agent', instance: config.instance },
  timestamp: pino.stdTimeFunctions.isoTime,
  redact: { paths: ['req.headers', 'headers', '*.secrets', 'secrets', '*.password', '*.input'], censor: '[redacted]' },
});
const adapters = values.sim ? createSimulator(config, Number(values.pace)) : realAdapters(config);
const agent = await startAgent(config, adapters, { log, simulated: values.sim });
process.stdout.write(`${JSON.stringify({ event: 'ready', port: agent.server.port })}\n`);

let ending = false;
const end = (name: string) => {
  if (ending) return;
  ending = true;
  log.info({ signal: name }, 'ending');
  agent.stop().then(
    () => process.exit(0),
    (error: unknown) => {
      log.error({ err: error }, 'ending');
      process.exit(1);
    },
  );
};
process.on('SIGTERM', () => end('SIGTERM'));
process.on('SIGINT', () => end('SIGINT'));
process.on('SIGHUP', () => agent.server.reloadIdentity());
