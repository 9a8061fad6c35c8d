/** From the wish in the portal to the first effect on the host: database, line, worker, grant, agent's ledger. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createContainer } from '#lib/containers/create.ts';
import { killContainer } from '#lib/containers/kill.ts';
import { startContainer } from '#lib/containers/start.ts';
import { startBench, succeeded } from '#tests/support/operations.ts';
import { type Row, row } from './measure.ts';

/** The worker has to have heard of the host first. */
async function whenHeard<T>(ask: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + 30_000; ; await sleep(250)) {
    try {
      return await ask();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

export async function benchOperations(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  say('starting a portal');
  const bench = await startBench('real');
  let stopped = false;
  try {
    const { world, admin, owner } = bench;
    const wish = { tenantId: world.ids.a, planId: world.ids.plan, templateId: world.ids.template, sshKeys: [] };
    const made = await succeeded(
      admin,
      await whenHeard(() => createContainer(admin, { ...wish, name: 'bench', start: false })),
    );
    const id = made.containerId ?? '';
    const [asked, whole]: [Map<string, number>, number[]] = [new Map(), []];
    for (let round = 0; round < options.rounds; round += 1) {
      for (const verb of [startContainer, killContainer]) {
        const began = Date.now();
        const operation = await verb(owner, id);
        asked.set(operation.id, began);
        await succeeded(owner, operation);
        whole.push(Date.now() - began);
      }
    }
    await bench.agent.stop();
    stopped = true;
    const times = bench.ledgerTimes();
    const delays = [...asked].flatMap(([operationId, at]) => {
      const effect = times.get(operationId);
      return effect === undefined ? [] : [effect - at];
    });
    return [
      row('operations', 'asked → first effect', delays),
      row('operations', 'asked → shown as done (start, kill)', whole),
    ];
  } finally {
    if (stopped) await bench.agent.start();
    await bench.stop();
  }
}
