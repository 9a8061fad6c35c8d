import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { bundleAgent, hashSources } from '#server/setup/build.ts';
import { repoDir } from '#server/setup/context.ts';
import { withFileLock } from '#server/setup/lock.ts';

const kept = join(repoDir, '.build/test-agents');
const sources = ['agent', 'lib', 'server/setup/build.ts', 'package-lock.json'];
/** No test takes longer, so nobody runs such an old one any more. */
const oldMs = 7 * 24 * 3_600_000;

/**
 * The agent as hosts run it, made of the sources as they are now. From the sources themselves node would have to take the types out of every
 * file at every start, of the agent and of each of its helpers, which took more of the processor than what many a test is about.
 */
export function agentProgram(): Promise<string> {
  made ??= make();
  return made;
}
let made: Promise<string> | undefined;

async function make(): Promise<string> {
  const name = (await hashSources(repoDir, sources)).slice(0, 16);
  const directory = join(kept, name);
  const program = join(directory, 'agent.mjs');
  if (existsSync(program)) return program;
  mkdirSync(kept, { recursive: true });
  await withFileLock(join(kept, 'lock'), async () => {
    if (existsSync(program)) return;
    for (const other of readdirSync(kept)) {
      const path = join(kept, other);
      if (other !== 'lock' && Date.now() - statSync(path).mtimeMs > oldMs) rmSync(path, { recursive: true });
    }
    const part = `${directory}.part`;
    rmSync(part, { recursive: true, force: true });
    await bundleAgent(repoDir, part);
    renameSync(part, directory);
  });
  return program;
}
