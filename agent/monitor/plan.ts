import { join } from 'node:path';
import type { MonitorPlan } from '../parts.ts';

/** Where conmon keeps what belongs to one container. All of it outlives the agent. */
export type MonitorPaths = {
  /** conmon writes `<exitDir>/<containerId>`: the exit status in decimal. */
  exitDir: string;
  /** Pid files and conmon's own bookkeeping. */
  containerDir: string;
  pidFile: string;
  monitorPidFile: string;
  log: string;
};

export function monitorPaths(agentDir: string, containerId: string): MonitorPaths {
  const containerDir = join(agentDir, 'run/monitor', containerId);
  return {
    exitDir: join(agentDir, 'run/exits'),
    containerDir,
    pidFile: join(containerDir, 'pid'),
    monitorPidFile: join(containerDir, 'conmon-pid'),
    log: join(agentDir, 'logs', `${containerId}.log`),
  };
}

/** The boot log is cut at this size by conmon, which then starts it anew: enough for a boot, too little to fill a disk. */
export const logLimitBytes = 2 * 1024 * 1024;

/** conmon(8)'s arguments: terminal, detached, exit status and log on disk. Pid or error come on descriptor 3. */
export function conmonArgs(plan: MonitorPlan, paths: MonitorPaths): string[] {
  return [
    ...['--api-version', '1'],
    ...['--cid', plan.containerId, '--cuuid', plan.containerId, '--name', plan.containerId],
    ...['--runtime', plan.runtime],
    ...plan.runtimeArgs.flatMap((argument) => ['--runtime-arg', argument]),
    ...['--bundle', plan.bundle],
    ...['--container-pidfile', paths.pidFile, '--conmon-pidfile', paths.monitorPidFile],
    ...['--exit-dir', paths.exitDir, '--persist-dir', paths.containerDir, '--socket-dir-path', paths.containerDir],
    ...['--log-path', `k8s-file:${paths.log}`, '--log-size-max', String(logLimitBytes)],
    '--terminal',
  ];
}

/** conmon's word on descriptor 3: `{"data": pid}`, or a negative or absent pid with a message. */
export function parseSyncWord(line: string): { pid: number } | { error: string } {
  let word: unknown;
  try {
    word = JSON.parse(line);
  } catch {
    return { error: line.trim() === '' ? 'the monitor ended without a word' : `not understood: ${line.trim()}` };
  }
  const { data, pid, message } = (word ?? {}) as { data?: unknown; pid?: unknown; message?: unknown };
  const value = typeof data === 'number' ? data : pid;
  if (typeof value === 'number' && value > 0) return { pid: value };
  return { error: typeof message === 'string' && message !== '' ? message.trim() : `the runtime answered ${value}` };
}

/**
 * The console's bytes as text out of conmon's log lines `TIME stdout F|P TEXT` (F: a line that ended, P: one that goes on). A first
 * line that was cut in the middle is left out.
 */
export function plainLog(log: string): string {
  let text = '';
  for (const line of log.split('\n')) {
    const match = /^\d{4}-\d\d-\d\dT\S+ std(?:out|err) ([FP]) (.*)$/s.exec(line);
    if (match !== null) text += `${match[2]}${match[1] === 'F' ? '\n' : ''}`;
  }
  return text.replaceAll('\r\n', '\n');
}
