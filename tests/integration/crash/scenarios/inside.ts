/** Commands and consoles: they change nothing of a container, and what they started must not outlive their agent. */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { closeConsole, openConsole } from '#lib/agent-client/reads.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { TestAgent } from '../../../support/agent.ts';
import { type Scenario, sending } from '../harness.ts';
import { type Ground, inside, type Place, powerOf, works } from './place.ts';

const runs = async (agent: TestAgent, x: Place) =>
  (await powerOf(agent, x.containerId)) === 'running' ? 'new' : 'between';

export function insideScenarios({ container }: Ground) {
  const command: Scenario<Place> = {
    name: 'exec',
    before: (agent) => container(agent, 'running'),
    order(agent, { containerId }) {
      const execId = uuidv7();
      return async () => {
        try {
          // It would outlive the round; it is ended by its time-out, in the middle of its output.
          await agent.exec(containerId, ['/bin/sh', '-c', 'echo begun; sleep 300'], { execId, timeoutMs: 500 });
        } catch (error) {
          // Given a second time: it is never run twice.
          if (!(error instanceof BerthError && error.code === 'conflict')) throw error;
        }
      };
    },
    observe: runs,
    usable: works,
    reset: async () => undefined,
  };

  const console: Scenario<Place> = {
    name: 'console',
    before: (agent) => container(agent, 'running'),
    order(agent, { containerId }) {
      const target = { subject: 'system', containerId, generation: 1, sessionId: uuidv7() };
      return async () => {
        const socket = await openConsole(agent.connection('web'), agent.made.signers.web, target);
        let said = '';
        const ended = new Promise<never>((_, reject) => socket.once('close', () => reject(new Error('cut off'))));
        ended.catch(() => undefined);
        socket.on('error', () => undefined);
        socket.on('message', (data) => {
          said += String(data);
        });
        socket.resume();
        socket.send(Buffer.from('trap "" HUP; echo he""re\n'));
        const answered = async () => {
          for (const end = Date.now() + 60_000; !said.includes('here') && Date.now() < end; ) await sleep(20);
        };
        await Promise.race([answered(), ended]);
        await closeConsole(agent.connection('web'), agent.made.signers.web, target);
        socket.terminate();
      };
    },
    observe: runs,
    usable: works,
    reset: async () => undefined,
  };

  const recovered: Scenario<Place> = {
    name: 'files.recover',
    async before(agent) {
      const here = await container(agent, 'running');
      await inside(agent, here.containerId, 'echo broken >> /etc/inittab; rm -f /etc/shells');
      return here;
    },
    order: (agent, { containerId }) =>
      sending(agent, agent.call('files.recover', { containerId, args: { allSystemFiles: true } })),
    async observe(agent, { containerId }) {
      const broken = await inside(agent, containerId, 'grep -c broken /etc/inittab; ls /etc/shells 2>&1 || true');
      // Each file is as it was or as the template has it; given again, the order goes on with what is left.
      return broken.startsWith('0') && !broken.includes('No such') ? 'new' : 'old';
    },
    usable: works,
    reset: async () => undefined,
  };

  const path = (text: string) => Buffer.from(text).toString('base64');
  const files: Scenario<Place> = {
    name: 'files',
    before: (agent) => container(agent, 'running'),
    order(agent, { containerId }) {
      return async () => {
        const content = (async function* () {
          yield Buffer.from('written');
        })();
        await agent.files(containerId, 'write', { path: path('/root/written'), replace: true, offset: 0 }, content);
        await agent.files(containerId, 'changes', { path: path('/'), system: false, recover: false });
        // Somebody who goes in the middle of a download: its helper is ended.
        await agent.leaveInTheMiddle(containerId, path('/bin/busybox'));
      };
    },
    observe: runs,
    usable: works,
    reset: async () => undefined,
  };

  return { command, console, files, recovered };
}
