import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { runExec } from '#lib/agent-client/reads.ts';
import type { ExecRequest, ExecResult } from '#lib/contract/exec.ts';
import { services } from '#lib/services.ts';
import { reachContainer } from './reach.ts';

/**
 * Runs one command inside, at most once, and waits for it. Audited with the program's name only: arguments may be
 * secrets. Throws `timeout` when the host fell silent, or `ended` ended the command, and nobody knows how far it came.
 */
export async function execInContainer(
  actor: Actor,
  id: string,
  input: z.infer<typeof ExecRequest>,
  ended?: AbortSignal,
): Promise<ExecResult> {
  const execId = uuidv7();
  const detail = { execId, program: input.argv[0] ?? '' };
  const { agent, target } = await reachContainer(actor, id, 'container.exec', 'exec', detail);
  return await runExec(agent, services().agents.signer, { ...target, execId }, input, ended);
}
