import type { Metrics, Runtime } from './adapters.ts';
import { createCgroups } from './cgroups/apply.ts';
import type { AgentConfig } from './config.ts';
import { createConsoles } from './console/apply.ts';
import { createLxcfs } from './lxcfs/apply.ts';
import { createMetrics } from './metrics/apply.ts';
import { createMonitor } from './monitor/apply.ts';
import { createRuntime } from './runtime/apply.ts';

/**
 * Runtime and metrics with their parts: one set of control groups, one monitor, one table of consoles, one server of own
 * figures. Call once per agent;
 * `close` lets go of the watch on exit words and leaves every container running.
 */
export function composeRuntime(
  config: Pick<AgentConfig, 'instance' | 'agentDir' | 'engineDir'>,
  programs: { lxcfs?: string } = {},
): {
  runtime: Runtime;
  metrics: Metrics;
  close(): void;
} {
  const cgroups = createCgroups(config.instance);
  const monitor = createMonitor(config.agentDir);
  const figures = createLxcfs(config, programs.lxcfs);
  const runtime = createRuntime(config, { cgroups, monitor, consoles: createConsoles(), figures });
  return { runtime, metrics: createMetrics(config, { cgroups }), close: () => monitor.close() };
}
