/** `berth ct set|repair|recover`: what changes one container by more than a word. */
import type { Operation } from '#clients/typescript/api.ts';
import { type Common, type Context, finish } from './asking.ts';
import { keysIn, password } from './containers.ts';
import { CliError, exits } from './exits.ts';
import { idOf } from './names.ts';
import { plain, waitFor } from './output.ts';
import { encoded } from './paths.ts';

export type Changes = Common & {
  plan?: string;
  hostname?: string;
  sshKey?: string[];
  rootPassword?: string;
  restartPolicy?: 'never' | 'on-failure' | 'always';
  label?: string[] | false;
  backupLocation?: string;
};

/** Changes what is said and leaves the rest. Operations come one after the other: all but the last are waited for. */
export async function set(context: Context, name: string, options: Changes): Promise<void> {
  const { panel, voice } = context;
  const { plan, hostname, sshKey, rootPassword, restartPolicy, label, backupLocation } = options;
  const id = await idOf(panel, 'container', name);
  const params = { id };
  const asks: (() => Promise<Operation>)[] = [];
  if (plan !== undefined) {
    const planId = await idOf(panel, 'plan', plan);
    asks.push(() => panel.call('containers.configure', { params, body: { planId } }));
  }
  const access = {
    ...(hostname === undefined ? {} : { hostname }),
    ...(sshKey === undefined ? {} : { sshKeys: keysIn(sshKey) }),
    ...(rootPassword === undefined ? {} : { rootPassword: await password(rootPassword) }),
  };
  if (Object.keys(access).length > 0) asks.push(() => panel.call('containers.access', { params, body: access }));
  if (restartPolicy !== undefined) {
    asks.push(() => panel.call('containers.restartPolicy', { params, body: { restartPolicy } }));
  }
  const done: string[] = [];
  if (label !== undefined) {
    const labels = label === false ? [] : label;
    await panel.call('containers.labels', { params, body: { labels } });
    done.push(`labels ${labels.join(', ') || 'none'}`);
  }
  if (backupLocation !== undefined) {
    const locationId = backupLocation === 'none' ? null : await idOf(panel, 'location', backupLocation);
    await panel.call('containers.location', { params, body: { locationId } });
    done.push(`backup location ${backupLocation}`);
  }
  const last = asks.pop();
  if (last === undefined && done.length === 0)
    throw new CliError(exits.usage, 'Say what to set.', 'See berth ct set --help.');
  for (const ask of asks) await waitFor(panel, await ask(), voice, options);
  if (!options.json) for (const one of done) voice.out(`${plain(name)}: ${plain(one)}`);
  if (last !== undefined) await finish(context, await last(), options);
  else if (options.json) voice.out(JSON.stringify(await panel.call('containers.get', { params }), null, 2));
}

export type Repair = Common & {
  readOnly?: boolean;
  keys?: boolean;
  hours?: number;
  finish?: boolean;
  extend?: boolean;
};

/** Boots a rescue system in its place; ends that, or gives it more time. */
export async function repair(context: Context, name: string, options: Repair): Promise<void> {
  const { panel, voice } = context;
  const id = await idOf(panel, 'container', name);
  const params = { id };
  const hours = options.hours === undefined ? {} : { hours: options.hours };
  if (options.finish === true) {
    return await finish(context, await panel.call('containers.repairFinish', { params, body: {} }), options);
  }
  if (options.extend === true) {
    const { repair: until } = await panel.call('containers.repairExtend', { params, body: hours });
    return voice.out(options.json ? JSON.stringify(until, null, 2) : `${plain(name)}: in repair until ${until?.until}`);
  }
  const body = {
    readOnly: options.readOnly === true,
    access: options.keys === true ? 'keys' : 'password',
    ...hours,
  } as const;
  await finish(context, await panel.call('containers.repair', { params, body }), options);
}

/** Puts files back as the template has them. */
export async function recover(
  context: Context,
  name: string,
  paths: string[],
  options: Common & { allSystemFiles?: boolean },
): Promise<void> {
  const { panel } = context;
  if (paths.length > 0 === (options.allSystemFiles === true)) {
    throw new CliError(exits.usage, 'Name files, or use --all-system-files.');
  }
  const id = await idOf(panel, 'container', name);
  const body = paths.length > 0 ? { paths: paths.map(encoded) } : { allSystemFiles: true as const };
  await finish(context, await panel.call('containers.recover', { params: { id }, body }), options);
}
