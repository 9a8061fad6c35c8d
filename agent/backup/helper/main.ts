/**
 * The helper of one location's directory. Reads `{agentDir, backupRoot, hostId}` as a line, says `ready`, and then answers lines `{id, name, args}` with
 * `{id, value}` or `{id, error}`. Ends with its input, and with the agent.
 */
import { createInterface } from 'node:readline';
import { createCalls, type Surroundings, told } from './calls.ts';

type Asked = { id: number; name: string; args: never[] };
const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => {}); // it ends with the agent, not before
process.stdout.on('error', () => process.exit(0)); // the agent has gone

let calls: Record<string, (...args: never[]) => unknown> | undefined;
createInterface({ input: process.stdin })
  .on('line', (line) => {
    if (calls === undefined) {
      calls = createCalls(JSON.parse(line) as Surroundings);
      process.stdout.write('ready\n');
      return;
    }
    const { id, name, args } = JSON.parse(line) as Asked;
    const call = calls[name];
    const answer = async () => {
      if (call === undefined) throw new Error(`the helper knows no ${name}`);
      return (await call(...args)) ?? null;
    };
    answer().then(
      (value) => say({ id, value }),
      (error: unknown) => say({ id, error: told(error) }),
    );
  })
  .on('close', () => process.exit(0));
