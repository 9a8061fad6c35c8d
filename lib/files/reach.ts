import type { Actor } from '#lib/access/actor.ts';
import { callFiles, type FileBody } from '#lib/agent-client/files.ts';
import { reachContainer } from '#lib/containers/reach.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { type FileAnswerOf, type FileOp, type FileOrderOf, fileReads } from '#lib/contract/files.ts';
import { wantsTemplate } from '#lib/contract/states.ts';
import { services } from '#lib/services.ts';

/** Asks the host of a container. Every change is audited, and every content that leaves; what a folder holds is not. */
export async function askFiles<O extends FileOp>(
  actor: Actor,
  id: string,
  op: O,
  order: FileOrderOf<O>,
  detail: Facts | null,
  options: { content?: AsyncIterable<Uint8Array>; signal?: AbortSignal } = {},
): Promise<{ answer: FileAnswerOf<O>; body: FileBody }> {
  const permission = Object.hasOwn(fileReads, op) ? 'file.read' : 'file.change';
  const looked = { op, ...('path' in order ? { path: shownPath(String(order.path)) } : {}) };
  const { agent, target, facts } = await reachContainer(actor, id, permission, 'files', detail, { looked });
  const without = op === 'changes' ? wantsTemplate('recover', facts.templateName) : null;
  if (without !== null) throw new BerthError('state', without);
  return await callFiles(agent, services().agents.signer, target, op, order, options);
}

/** For answers without content. */
export async function askFilesFor<O extends FileOp>(...args: Parameters<typeof askFiles<O>>): Promise<FileAnswerOf<O>> {
  const { answer, body } = await askFiles(...args);
  await body.return(undefined);
  return answer;
}

/** A path as the audit record shows it; bytes that are no text are replaced. */
export function shownPath(base64: string): string {
  return Buffer.from(base64, 'base64').toString().slice(0, 1000);
}
