/** A test that never cleans up: says where its agent lives and what it is about to do, one JSON line each, then waits. */
import { startTestAgent } from '../../support/agent.ts';
import { live } from './life.ts';

const say = (line: Record<string, unknown>) => process.stdout.write(`${JSON.stringify(line)}\n`);
const agent = await startTestAgent('real');
say({ directory: agent.made.directory, instance: agent.config.instance, agent: agent.pid });
await live(agent, (stage) => say({ stage }));
setInterval(() => undefined, 60_000);
