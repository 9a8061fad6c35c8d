import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import type { Network, NetworkMember } from '../adapters.ts';
import type { AgentConfig } from '../config.ts';
import { makeDirectory, remove, writeControl, writeDurably } from '../sys/files.ts';
import { run } from '../sys/process.ts';
import { firstFree, interfaceNameOf, parseSubnet } from './addresses.ts';
import { isForwarding, turnForwardingBack, turnForwardingOn } from './forwarding.ts';
import { bridgeBatch, bridgeOf, bridgeSettings, hookLine, type NetworkPlan, ruleset, tableOf } from './plan.ts';
import { createResolver } from './resolver.ts';

const hookName = 'net-v1';
/** Beside the sources, or in `hooks/` beside the bundle. */
const shippedHook = new URL(`${import.meta.url.endsWith('.ts') ? '..' : '.'}/hooks/${hookName}`, import.meta.url);

/**
 * The network of one instance: bridge `berth-<instance>`, nft tables `berth_<instance>` (bridge and inet), a resolver on the
 * bridge, one veth pair per container. All of it is named after the instance, so several agents live on one machine.
 * `hookSource` is the hook's script as shipped; it is copied to `<agentDir>/hooks`, where containers' bundles find it.
 * `hostResolvConf` says whom the resolver asks.
 */
export function createNetwork(
  config: Pick<AgentConfig, 'instance' | 'agentDir' | 'subnet' | 'forwardAddress'>,
  options: { hookSource?: string | URL; hostResolvConf?: string } = {},
): Network {
  const { hookSource = shippedHook, hostResolvConf = '/etc/resolv.conf' } = options;
  const plan: NetworkPlan = {
    instance: config.instance,
    subnet: parseSubnet(config.subnet),
    forwardAddress: config.forwardAddress,
    hostResolvConf,
  };
  const bridge = bridgeOf(plan.instance);
  const directory = join(config.agentDir, 'run', 'net');
  const hookPath = join(config.agentDir, 'hooks', hookName);
  const resolvConf = join(directory, 'resolv.conf');
  const resolver = createResolver(plan, directory);
  const interfaceExists = (name: string) => existsSync(`/sys/class/net/${name}`);

  // Rule sets are whole, so they must arrive in the order in which they were asked for.
  let last: Promise<unknown> = Promise.resolve();
  const inOrder = <T>(work: () => Promise<T>): Promise<T> => {
    const result = last.then(work, work);
    last = result.catch(() => {});
    return result;
  };
  let rulesOwed = false;
  const applyRules = (members: readonly NetworkMember[]) =>
    inOrder(async () => {
      rulesOwed = true;
      await run('NETWORK:RULES', ['nft', '-f', '-'], { input: ruleset(plan, members) });
      rulesOwed = false;
    });

  async function rulesExist(): Promise<boolean> {
    const { stdout } = await run('NETWORK:LIST-TABLES', ['nft', 'list', 'tables']);
    return ['bridge', 'inet'].every((family) => stdout.includes(`table ${family} ${tableOf(plan.instance)}\n`));
  }

  function prepareFiles(): void {
    for (const path of [join(config.agentDir, 'run'), directory, join(config.agentDir, 'hooks')])
      if (!existsSync(path)) makeDirectory('NETWORK:MKDIR', path, 0o711);
    const script = readFileSync(hookSource);
    if (!existsSync(hookPath) || !readFileSync(hookPath).equals(script))
      writeDurably('NETWORK:INSTALL-HOOK', hookPath, script, 0o755);
    const text = `nameserver ${plan.subnet.gateway}\nsearch .\n`;
    if (!existsSync(resolvConf) || readFileSync(resolvConf, 'utf8') !== text)
      writeDurably('NETWORK:RESOLV-CONF', resolvConf, text, 0o644);
  }

  async function deleteInterface(label: string, name: string): Promise<void> {
    if (!interfaceExists(name)) return;
    // It also goes with its container's namespace, at a moment of the kernel's choosing: gone meanwhile is fine.
    await run(label, ['ip', 'link', 'delete', 'dev', name]).catch((error: unknown) => {
      if (interfaceExists(name)) throw error;
    });
  }

  const listInterfaces = () => {
    const ports = `/sys/class/net/${bridge}/brif`;
    return existsSync(ports) ? readdirSync(ports).sort() : [];
  };

  return {
    async ensureHost() {
      prepareFiles();
      // Rules before anything can pass. Existing ones stay: they are those of running containers.
      if (!(await rulesExist())) await applyRules([]);
      await run('NETWORK:BRIDGE', ['ip', '-batch', '-'], { input: bridgeBatch(plan, interfaceExists(bridge)) });
      for (const [path, value] of bridgeSettings(plan.instance))
        if (existsSync(path)) writeControl('NETWORK:SETTING', path, value);
      turnForwardingOn();
      await resolver.ensure();
    },

    allocate(taken) {
      const address = firstFree(plan.subnet, taken);
      if (address === undefined) throw new BerthError('no_space', 'The server has no free address for a container.');
      return address;
    },

    hook(member) {
      const file = join(directory, member.containerId);
      const line = hookLine(plan, member);
      if (!existsSync(file) || readFileSync(file, 'utf8') !== line) writeDurably('NETWORK:HOOK-FILE', file, line);
      return { hookPath, hookArgs: [hookPath, file], resolvConf };
    },

    apply: applyRules,

    stands: () =>
      inOrder(async () => {
        const stands = !rulesOwed && interfaceExists(bridge) && isForwarding() && resolver.isCurrent();
        return stands && (await rulesExist());
      }),

    async detach(containerId) {
      await deleteInterface('NETWORK:DELETE-VETH', interfaceNameOf(containerId));
      remove('NETWORK:REMOVE-HOOK-FILE', join(directory, containerId));
    },

    listInterfaces,
    interfaceName: interfaceNameOf,

    async tearDown() {
      await resolver.stop();
      for (const name of listInterfaces()) await deleteInterface('NETWORK:DELETE-VETH', name);
      await deleteInterface('NETWORK:DELETE-BRIDGE', bridge);
      await inOrder(async () => {
        const table = tableOf(plan.instance);
        const commands = ['bridge', 'inet'].map((f) => `table ${f} ${table}\ndelete table ${f} ${table}\n`).join('');
        await run('NETWORK:DELETE-RULES', ['nft', '-f', '-'], { input: commands });
      });
      turnForwardingBack();
      remove('NETWORK:REMOVE-FILES', directory);
      remove('NETWORK:REMOVE-HOOK', hookPath);
    },
  };
}
