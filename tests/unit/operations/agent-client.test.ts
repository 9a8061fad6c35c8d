import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ActionCall, ActionError, defaultPatience, runAction } from '#lib/agent-client/actions.ts';
import { AgentConnection } from '#lib/agent-client/connection.ts';
import { ndjsonLines } from '#lib/agent-client/ndjson.ts';
import { readInventory, runExec } from '#lib/agent-client/reads.ts';
import { identityUri } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { actionId } from '#lib/contract/ids.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import { startFakeAgent } from '#tests/support/fake-agent.ts';

let started: Awaited<ReturnType<typeof startFakeAgent>>;
let connection: AgentConnection;
let signer: GrantSigner;
const hostId = uuidv7();
const operationId = uuidv7();
const patience = { ...defaultPatience, unreachableMs: 1_500, idleMs: 400 };

function call(step: string): ActionCall<'container.stop'> {
  return {
    verb: 'container.stop',
    actionId: actionId(operationId, 1, step),
    operationId,
    fence: 1,
    containerId: uuidv7(),
    generation: 3,
    subject: 'system',
    args: { timeoutMs: 1_000 },
    secrets: {},
  };
}
const result = { how: 'clean', tookMs: 12 };

beforeEach(async () => {
  started = await startFakeAgent(hostId);
  connection = new AgentConnection({ hostId, address: started.agent.address }, started.client);
  signer = grantSigner('worker', started.worker.privatePem);
});
afterEach(async () => {
  connection.close();
  await started.agent.stop();
});

describe('actions', () => {
  it('streams progress and resolves with the parsed result', async () => {
    started.agent.handler = async (_request, emit) => {
      emit({ type: 'progress', message: 'asked init', percent: 50 });
      await sleep(20);
      return result;
    };
    const heard: string[] = [];
    const done = await runAction(
      connection,
      signer,
      call('stop'),
      { onProgress: (p) => heard.push(p.message) },
      patience,
    );
    expect(done).toEqual(result);
    expect(heard).toEqual(['asked init']);
    expect(started.agent.grants.at(-1)).toMatchObject({
      iss: 'worker',
      aud: hostId,
      verb: 'container.stop',
      generation: 3,
    });
  });

  it('takes a cut stream up again and the action runs once', async () => {
    started.agent.handler = async () => {
      await sleep(300);
      return result;
    };
    const running = runAction(connection, signer, call('cut'), {}, patience);
    for (let i = 0; i < 3; i += 1) {
      await sleep(70);
      started.agent.cut();
    }
    expect(await running).toEqual(result);
    expect(started.agent.actions.get(actionId(operationId, 1, 'cut'))?.runs).toBe(1);
  });

  it('waits for an agent that is restarted', async () => {
    started.agent.handler = async () => result;
    await started.agent.stop();
    let waiting = 0;
    const running = runAction(connection, signer, call('down'), { onWaiting: () => (waiting += 1) }, patience);
    await sleep(300);
    await started.agent.start();
    expect(await running).toEqual(result);
    expect(waiting).toBe(1);
  });

  it('gives up an unreachable agent and says that nothing was sent', async () => {
    await started.agent.stop();
    const error = await runAction(connection, signer, call('gone'), {}, { ...patience, unreachableMs: 200 }).catch(
      (caught: unknown) => caught,
    );
    expect(error).toBeInstanceOf(ActionError);
    expect(error).toMatchObject({ code: 'host_unreachable', uncertain: false });
  });

  it('a stream that falls silent counts as cut', async () => {
    let runs = 0;
    started.agent.handler = async () => {
      runs += 1;
      await sleep(700);
      return result;
    };
    expect(await runAction(connection, signer, call('idle'), {}, patience)).toEqual(result);
    expect(runs).toBe(1);
  });

  it('runs a retryable failure again and stops at a final one', async () => {
    let runs = 0;
    started.agent.handler = async () => {
      runs += 1;
      throw new BerthError('no_space', 'full', runs < 2 ? { inside: 'retryable' } : {});
    };
    const error = await runAction(connection, signer, call('full'), {}, patience).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'no_space', retryable: false, uncertain: false });
    expect(runs).toBe(2);
  });

  it('signs in the time of the agent, also after its clock has jumped', async () => {
    started.agent.handler = async () => result;
    started.agent.clockAheadMs = 7_200_000;
    expect(await runAction(connection, signer, call('ahead'), {}, patience)).toEqual(result);
    started.agent.clockAheadMs = 14_400_000;
    expect(await runAction(connection, signer, call('jumped'), {}, patience)).toEqual(result);
  });

  it('gives up at an answer that breaks the protocol', async () => {
    started.agent.handler = async (_request, emit) => {
      emit({ type: 'progress', message: 'half', percent: 900 });
      await sleep(50);
      return result;
    };
    const error = await runAction(connection, signer, call('odd'), {}, patience).catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'internal', retryable: false, uncertain: true });
  });

  it('never speaks to a host that shows the certificate of another', async () => {
    const wrong = new AgentConnection({ hostId: uuidv7(), address: started.agent.address }, started.client);
    const error = await runAction(wrong, signer, call('wrong'), {}, { ...patience, unreachableMs: 100 }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'host_unreachable' });
    expect(started.agent.grants).toHaveLength(0);
    wrong.close();
  });

  it('refuses a client of another installation', async () => {
    const other = await startFakeAgent(hostId);
    const foreign = await other.pki.issue(identityUri.service('worker'));
    const stranger = new AgentConnection(
      { hostId, address: started.agent.address },
      { ...foreign, ca: started.pki.ca },
    );
    const error = await runAction(stranger, signer, call('alien'), {}, { ...patience, unreachableMs: 100 }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'host_unreachable' });
    expect(started.agent.grants).toHaveLength(0);
    stranger.close();
    await other.agent.stop();
  });
});

describe('reads', () => {
  it('reads the inventory and refuses one that does not fit', async () => {
    const inventory = { time: new Date().toISOString(), bootId: 'x', containers: [] };
    started.agent.answers.set('/v1/inventory', () => inventory);
    expect(await readInventory(connection, signer, 1_000)).toEqual({ ...inventory, deeds: [] });
    started.agent.answers.set('/v1/inventory', () => ({ containers: 'none' }));
    await expect(readInventory(connection, signer, 1_000)).rejects.toMatchObject({ code: 'internal' });
  });

  it('sends a command once, also when the answer is lost', async () => {
    let runs = 0;
    const containerId = uuidv7();
    started.agent.answers.set(`/v1/containers/${containerId}/exec`, () => {
      runs += 1;
      started.agent.cut();
      return {};
    });
    const target = { subject: 'user:x', containerId, generation: 1, execId: uuidv7() };
    await expect(runExec(connection, signer, target, { argv: ['true'], timeoutMs: 1_000 })).rejects.toMatchObject({
      code: 'timeout',
    });
    expect(runs).toBe(1);
  });
});

describe('action streams', () => {
  async function* chunks(...parts: string[]) {
    for (const part of parts) yield Buffer.from(part);
  }
  it('joins lines over chunk borders and refuses half a line at the end', async () => {
    const seen: unknown[] = [];
    for await (const value of ndjsonLines(chunks('{"a"', ':1}\n{"b":2}\n{', '"c":3}\n'))) seen.push(value);
    expect(seen).toEqual([{ a: 1 }, { b: 2 }, { c: 3 }]);
    await expect(ndjsonLines(chunks('{"a":1')).next()).rejects.toThrow('middle of a line');
  });
});
