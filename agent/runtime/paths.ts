import { join } from 'node:path';

/** Where the runtime keeps what. All below the agent's directory, all of it outliving the agent. */
export function runtimePaths(agentDir: string) {
  const run = join(agentDir, 'run/runtime');
  return {
    /** runc's own state, one directory per container it knows. */
    runcRoot: join(agentDir, 'run/runc'),
    bundles: join(agentDir, 'bundles'),
    bundle: (containerId: string) => join(agentDir, 'bundles', containerId),
    run,
    /** Who is init and monitor of the present run. */
    record: (containerId: string) => join(run, containerId, 'record.json'),
    /** There when init of the present run was killed on purpose. */
    killed: (containerId: string) => join(run, containerId, 'killed'),
    /** How the last run before the present one ended. */
    lastExit: (containerId: string) => join(run, containerId, 'last-exit.json'),
    container: (containerId: string) => join(run, containerId),
    /** Pid files of programs started in containers; gone with the agent that started them. */
    exec: join(agentDir, 'run/exec'),
  };
}
export type RuntimePaths = ReturnType<typeof runtimePaths>;

/** The runtime's name for the container in which {@link Runtime.runOnce} works. Never the monitor's, never the tenant's. */
export const onceId = (containerId: string) => `${containerId}.once`;
export const containerOf = (runcId: string) => runcId.replace(/\.once$/, '');
