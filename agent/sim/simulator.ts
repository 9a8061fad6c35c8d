import type { Adapters } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import { simFiles } from './files.ts';
import { simRuntime } from './runtime.ts';
import { simBackups, simMetrics, simNetwork, simTemplates } from './services.ts';
import { simLayers, simRoots, simVolumes } from './storage.ts';
import { simTransfers } from './transfers.ts';
import { World } from './world.ts';

/**
 * A host in memory behind the same interfaces as the real one, for development without root and for tests of everything
 * above the adapters. `pace` scales its delays: 1 lets people see progress, 0 is for fast tests.
 */
export function createSimulator(config: Pick<AgentConfig, 'agentDir' | 'subnet'>, pace = 1): Adapters {
  return simulatedAdapters(new World(config.agentDir, pace), config.subnet);
}

/** The adapters over a world that the caller can look into, and into which it can put things. */
export function simulatedAdapters(world: World, subnet: string): Adapters {
  return {
    layers: simLayers(world),
    volumes: simVolumes(world),
    roots: simRoots(world),
    runtime: simRuntime(world),
    network: simNetwork(subnet),
    metrics: simMetrics(world),
    backups: simBackups(world),
    templates: simTemplates(world),
    files: simFiles(world),
    transfers: simTransfers(world),
  };
}
