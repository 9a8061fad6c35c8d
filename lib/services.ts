import type { Agents } from '#lib/agent-client/agents.ts';
import { processSlot } from '#lib/process-slot.ts';

/** Where the workflow of one attempt of an operation is put in line. */
export type WorkflowQueue = {
  enqueue(work: { operationId: string; attempt: number; hostId: string; queue: QueueName }): Promise<void>;
};

/** `interactive`: a person waits for it. `background`: long and in nobody's way. Each has its own line per host. */
export type QueueName = 'interactive' | 'background' | 'care';

/** What verbs and workflows of one process share. Made once by its composition root. */
export type Services = {
  /** Connections to hosts, with the grant key of this process's role. */
  agents: Agents;
  queue: WorkflowQueue;
  log: { warn(detail: Record<string, unknown>, message: string): void };
};

const slot = processSlot<Services>('services');

/** Called once by a composition root: server/web.ts, server/worker.ts, a test. */
export function setServices(services: Services): void {
  slot.set(services);
}

export function services(): Services {
  return slot.get();
}
