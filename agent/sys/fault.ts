/**
 * Fault points: every effect of the agent passes here before and after it happens, under a name, so that a test can stop the
 * process at exactly that place. Without BERTH_FAULT in the environment a point costs one comparison.
 *
 * BERTH_FAULT=`LABEL@before|after[#n]=kill|error`: at the n-th passage (default 1) the process is killed with SIGKILL, or the
 * call fails with EIO. BERTH_FAULT_LOG names a file to which every passage is appended, for enumerating the labels hit.
 */
import { appendFileSync } from 'node:fs';

type Moment = 'before' | 'after';
type Armed = { label: string; moment: Moment; at: number; effect: 'kill' | 'error' };

function parse(text: string | undefined): Armed | undefined {
  if (text === undefined || text === '') return undefined;
  const match = /^([A-Z0-9:_-]+)@(before|after)(?:#(\d+))?=(kill|error)$/.exec(text);
  if (match === null) throw new Error(`BERTH_FAULT is not LABEL@before|after[#n]=kill|error: ${text}`);
  const [, label = '', moment, at, effect] = match;
  return { label, moment: moment as Moment, at: Number(at ?? 1), effect: effect as 'kill' | 'error' };
}

const armed = parse(process.env.BERTH_FAULT);
const logPath = process.env.BERTH_FAULT_LOG;
let passages = 0;

/** To be called by agent/sys only, around an effect. */
export function faultPoint(label: string, moment: Moment): void {
  if (armed === undefined && logPath === undefined) return;
  if (logPath !== undefined) appendFileSync(logPath, `${label}@${moment}\n`);
  if (armed === undefined || armed.label !== label || armed.moment !== moment) return;
  passages += 1;
  if (passages !== armed.at) return;
  if (armed.effect === 'kill') process.kill(process.pid, 'SIGKILL');
  throw Object.assign(new Error(`EIO: planted fault at ${label}@${moment}`), { code: 'EIO' });
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
