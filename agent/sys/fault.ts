/**
 * Fault points: every effect of the agent passes here before and after it happens, under a name, so that a test can stop the
 * process at exactly that place. Without these variables in the environment a point costs one comparison.
 *
 * BERTH_FAULT=`LABEL@before|after[#n]=kill|error|full`: at the n-th passage (default 1) the process is killed with SIGKILL, or the
 * call fails with EIO or, as on a full disk, with ENOSPC. BERTH_FAULT_FILE names a file with such a line; it may come, change and go while the process runs, and
 * passages are counted from when it came. BERTH_FAULT_LOG names a file to which every passage is appended. BERTH_FAULT_PARENT, in a helper that dies with
 * the agent: it is the agent that is killed there.
 */
import { appendFileSync, readFileSync } from 'node:fs';

type Moment = 'before' | 'after';
type Armed = { label: string; moment: Moment; at: number; effect: 'kill' | 'error' | 'full' };

function parse(text: string): Armed | undefined {
  if (text === '') return undefined;
  const match = /^([A-Z0-9:_-]+)@(before|after)(?:#(\d+))?=(kill|error|full)$/.exec(text);
  if (match === null) throw new Error(`BERTH_FAULT is not LABEL@before|after[#n]=kill|error|full: ${text}`);
  const [, label = '', moment, at, effect] = match;
  return { label, moment: moment as Moment, at: Number(at ?? 1), effect: effect as Armed['effect'] };
}

const { BERTH_FAULT, BERTH_FAULT_FILE, BERTH_FAULT_LOG, BERTH_FAULT_PARENT } = process.env;
const watched = [BERTH_FAULT, BERTH_FAULT_FILE, BERTH_FAULT_LOG].some((value) => value !== undefined);
let text = BERTH_FAULT ?? '';
let armed = parse(text);
let passages = 0;

/** For helpers, whose effects are the agent's too: what they need in their environment for the same faults. */
export const faultEnvironment = Object.fromEntries(
  Object.entries({ BERTH_FAULT, BERTH_FAULT_FILE, BERTH_FAULT_LOG }).filter(([, value]) => value !== undefined),
) as NodeJS.ProcessEnv;

function readArmed(path: string): void {
  let now = '';
  try {
    now = readFileSync(path, 'utf8').trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  if (now === text) return;
  text = now;
  armed = parse(text);
  passages = 0;
}

/** To be called by agent/sys only, around an effect. */
export function faultPoint(label: string, moment: Moment): void {
  if (!watched) return;
  if (BERTH_FAULT_LOG !== undefined) appendFileSync(BERTH_FAULT_LOG, `${label}@${moment}\n`);
  if (BERTH_FAULT_FILE !== undefined) readArmed(BERTH_FAULT_FILE);
  if (armed === undefined || armed.label !== label || armed.moment !== moment) return;
  passages += 1;
  if (passages !== armed.at) return;
  if (armed.effect === 'kill' && BERTH_FAULT_PARENT !== undefined) process.kill(process.ppid, 'SIGKILL');
  if (armed.effect === 'kill') process.kill(process.pid, 'SIGKILL');
  const code = armed.effect === 'full' ? 'ENOSPC' : 'EIO';
  throw Object.assign(new Error(`${code}: planted fault at ${label}@${moment}`), { code });
}

/** Runs a synchronous effect between its two fault points. */
export function effectSync<T>(label: string, run: () => T): T {
  faultPoint(label, 'before');
  const result = run();
  faultPoint(label, 'after');
  return result;
}

/** Runs an asynchronous effect between its two fault points. */
export async function effect<T>(label: string, run: () => Promise<T>): Promise<T> {
  faultPoint(label, 'before');
  const result = await run();
  faultPoint(label, 'after');
  return result;
}
