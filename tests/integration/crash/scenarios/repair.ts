/** A rescue system takes the container's place, and goes. */
import { v7 as uuidv7 } from 'uuid';
import type { TestAgent } from '../../../support/agent.ts';
import { type Scenario, sending } from '../harness.ts';
import { type Ground, inside, type Place, powerOf, works } from './place.ts';

type Rescued = Place & { rescue: string };

export function repairScenarios({ container }: Ground) {
  const call = (agent: TestAgent, { containerId, rescue }: Rescued) =>
    agent.call('repair.begin', {
      containerId,
      args: { volumeId: rescue, readOnly: false, sshKeys: [], stopTimeoutMs: 20_000 },
      secrets: { rootPassword: 'a root password' },
    });
  const end = (agent: TestAgent, containerId: string) =>
    agent.act('repair.end', { containerId, args: { stopTimeoutMs: 20_000 } });
  /** Whether the files of the container are its own, or at /repair. */
  const where = async (agent: TestAgent, { containerId }: Place) => {
    if ((await powerOf(agent, containerId)) !== 'running') return 'between';
    const seen = await inside(
      agent,
      containerId,
      'cat /root/note 2>/dev/null; test ! -e /repair/root/note || echo repair',
    );
    return seen === 'kept' ? 'own' : seen === 'repair' ? 'rescue' : 'between';
  };
  const as = async (agent: TestAgent, place: Place, wanted: 'own' | 'rescue') => {
    const seen = await where(agent, place);
    return seen === 'between' ? 'between' : seen === wanted ? 'new' : 'old';
  };

  const repair: Scenario<Rescued> = {
    name: 'repair.begin',
    before: async (agent) => ({ ...(await container(agent, 'running')), rescue: uuidv7() }),
    order: (agent, x) => sending(agent, call(agent, x)),
    observe: (agent, x) => as(agent, x, 'rescue'),
    async usable(agent, { containerId }) {
      if ((await inside(agent, containerId, 'cat /repair/root/note')) !== 'kept') throw new Error('not the real files');
    },
    async reset(agent, x) {
      await end(agent, x.containerId);
      await works(agent, x);
    },
  };

  const repaired: Scenario<Rescued> = {
    name: 'repair.end',
    async before(agent) {
      const x = { ...(await container(agent, 'running')), rescue: uuidv7() };
      await sending(agent, call(agent, x))();
      return x;
    },
    order: (agent, { containerId }) =>
      sending(agent, agent.call('repair.end', { containerId, args: { stopTimeoutMs: 20_000 } })),
    observe: (agent, x) => as(agent, x, 'own'),
    usable: works,
    reset: async () => undefined,
  };

  return { repair, repaired };
}
