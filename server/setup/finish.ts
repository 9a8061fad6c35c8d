import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentConfig } from '#agent/config.ts';
import { systemActor } from '#lib/access/actor.ts';
import { Container } from '#lib/contract/containers.ts';
import { Host } from '#lib/contract/hosts.ts';
import { page } from '#lib/contract/lists.ts';
import { Plan } from '#lib/contract/plans.ts';
import { Template } from '#lib/contract/templates.ts';
import { issueHostToken } from '#lib/hosts/token.ts';
import { isLoopback } from './configure.ts';
import type { SetupContext } from './context.ts';
import { demoContainers, demoPlan } from './demo.ts';
import { hasJoined, joinHost, refreshAgentConfig } from './join.ts';
import { type PortalApi, portalApi } from './portal-api.ts';
import { asOwner, ensureDemoAccounts, ensureFirstAdministrator, readDemo, setupToken, writeDemo } from './seed.ts';
import { servicesOf } from './services.ts';
import type { Step } from './steps.ts';
import { localUrl } from './up.ts';

/** What `up` finds out on its way and prints at its end. */
export type Outcome = { setupLink?: { email: string; link: string } };
export type FinishContext = SetupContext & { outcome: Outcome };

async function administratorApi(context: SetupContext): Promise<PortalApi> {
  const { config } = context;
  const token = await setupToken(context);
  return portalApi({
    ...{ connectTo: localUrl(context), baseUrl: config.baseUrl, token },
    ...(config.tls === undefined ? {} : { caFile: config.tls.certificate }),
  });
}

async function hostIdOf({ paths }: SetupContext): Promise<string> {
  return AgentConfig.parse(JSON.parse(await readFile(join(paths.agentDir, 'config.json'), 'utf8'))).hostId;
}

async function waitForHost(api: PortalApi, hostId: string): Promise<void> {
  const deadline = Date.now() + 180_000;
  for (;;) {
    const hosts = await api.call('GET', '/hosts', page(Host));
    if (hosts.items.find((host) => host.id === hostId)?.health === 'ok') return;
    if (Date.now() > deadline)
      throw new Error(
        'The portal does not hear from the agent. Look at "./berth logs agent" and "./berth logs worker".',
      );
    await sleep(250);
  }
}

export const builtTemplates = ['tiny', 'debian-12'] as const;

const buildTemplate = (name: (typeof builtTemplates)[number], needs: readonly string[]): Step<FinishContext> => ({
  name: `template-${name}`,
  title: `Template ${name}`,
  needs,
  async run(context, say) {
    const api = await administratorApi(context);
    const present = await api.call('GET', '/templates', page(Template));
    if (present.items.some((template) => template.name === name)) return;
    const hostId = await hostIdOf(context);
    const operation = await api.begin('/templates', { name, hostId });
    // as long as the agent gives the programs that build it
    await api.finish(operation, 1_800_000, say);
  },
});

/**
 * Makes a container of the demo unless its tenant has any. Gives the ids, none or one, of what set-up made: one that an interrupted run has
 * made is known by its name.
 */
export async function ensureDemoContainer(
  api: PortalApi,
  wanted: { name: string; tenantId: string; planId: string; templateId: string },
  say: (line: string) => void,
): Promise<string[]> {
  const present = await api.call('GET', `/containers?tenantId=${wanted.tenantId}`, page(Container));
  if (present.items.length > 0) return present.items.filter(({ name }) => name === wanted.name).map(({ id }) => id);
  const { containerId } = await api.finish(await api.begin('/containers', wanted), 600_000, say);
  return containerId === null ? [] : [containerId];
}

/** From a running portal to a container somebody can use. */
export const finishSteps: readonly Step<FinishContext>[] = [
  {
    name: 'people',
    title: 'First accounts',
    needs: ['migrations'],
    async run(context) {
      if (context.config.demo) await ensureDemoAccounts(context);
      else {
        const link = await ensureFirstAdministrator(context);
        if (link !== undefined) context.outcome.setupLink = link;
      }
    },
  },
  {
    name: 'agent',
    title: 'This machine joined as a host',
    needs: ['portal', 'people', 'engine', 'pool', 'limits', 'agent-bundle'],
    async run(context) {
      const api = await administratorApi(context);
      if (await hasJoined(context)) await refreshAgentConfig(context);
      else {
        const name = `${context.config.name}-${context.config.instance}`;
        const { token } = await asOwner(context, (tx) =>
          issueHostToken(tx, systemActor('set-up'), { name, rejoin: true }),
        );
        const { bind, tls, baseUrl, agentPort } = context.config;
        // The portal answers to its own name, and to loopback's from this machine.
        const byName = tls !== undefined || !(isLoopback(bind) || bind === '0.0.0.0' || bind === '::');
        await joinHost(context, {
          portal: byName ? baseUrl : localUrl(context),
          token,
          address: `https://127.0.0.1:${agentPort}`,
          ...(tls === undefined ? {} : { caFile: tls.certificate }),
        });
      }
      await servicesOf(context).restart('agent');
      await waitForHost(api, await hostIdOf(context));
    },
  },
  buildTemplate('tiny', ['agent']),
  buildTemplate('debian-12', ['template-tiny']),
  {
    name: 'demo-container',
    title: 'A container for the demo tenant',
    needs: ['template-debian-12'],
    async run(context, say) {
      const demo = await readDemo(context);
      if (!context.config.demo || demo === undefined || demo.containerMade) return;
      const api = await administratorApi(context);
      const templates = await api.call('GET', '/templates', page(Template));
      const plans = await api.call('GET', '/plans', page(Plan));
      const template = templates.items.find((item) => item.name === 'debian-12');
      const plan = plans.items.find((item) => item.name === 'Small') ?? plans.items[0];
      if (template === undefined || plan === undefined) throw new Error('the template or the plan is missing');
      // Building takes the whole machine: the host may not have been heard for a while, and then gets nothing new.
      await waitForHost(api, await hostIdOf(context));
      const wanted = { name: 'web-1', tenantId: demo.tenantId, planId: plan.id, templateId: template.id };
      const made = await ensureDemoContainer(api, wanted, say);
      await writeDemo(context, { ...demo, containerMade: true, containers: [...demo.containers, ...made] });
    },
  },
  {
    name: 'demo-containers',
    title: 'Small containers for the other demo tenants',
    needs: ['demo-container'],
    async run(context, say) {
      const demo = await readDemo(context);
      if (!context.config.demo || demo?.more === undefined || demo.more.containersMade) return;
      const { more } = demo;
      const api = await administratorApi(context);
      const templates = await api.call('GET', '/templates', page(Template));
      const plans = await api.call('GET', '/plans', page(Plan));
      const template = templates.items.find((item) => item.name === 'tiny');
      const plan = plans.items.find((item) => item.name === demoPlan);
      if (template === undefined || plan === undefined) throw new Error('the template or the plan is missing');
      await waitForHost(api, await hostIdOf(context));
      const made = await Promise.all(
        Object.entries(demoContainers).map(async ([key, name]) => {
          const tenantId = more.accounts[key]?.tenantId;
          if (tenantId === undefined) return [];
          return ensureDemoContainer(api, { name, tenantId, planId: plan.id, templateId: template.id }, say);
        }),
      );
      const containers = [...demo.containers, ...made.flat()];
      await writeDemo(context, { ...demo, containers, more: { ...more, containersMade: true } });
    },
  },
];
