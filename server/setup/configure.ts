import { isIP } from 'node:net';
import { isAbsolute, join } from 'node:path';
import type { z } from 'zod';
import { InstallationConfig, readConfig, statePaths } from '#lib/settings.ts';
import { ensureDirectory, readIfThere, writeFileDurably } from './files.ts';

/** What `./berth up` can be told; everything left out keeps its present value, or the default. */
export type UpOptions = {
  name?: string | undefined;
  instance?: string | undefined;
  bind?: string | undefined;
  port?: number | undefined;
  baseUrl?: string | undefined;
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  tlsDir?: string | undefined;
  behindProxy?: boolean | undefined;
  workers?: number | undefined;
  agentPort?: number | undefined;
  postgresPort?: number | undefined;
  subnet?: string | undefined;
  idBase?: number | undefined;
  forwardAddress?: string | undefined;
  forwardPorts?: string | undefined;
};

export const isLoopback = (address: string) => address === 'localhost' || address === '::1' || /^127\./.test(address);

function rangeOf(text: string): { first: number; last: number } {
  const match = /^(\d+)-(\d+)$/.exec(text);
  const [first, last] = [Number(match?.[1]), Number(match?.[2])];
  if (match === null || first > last || last > 65535)
    throw new Error(`"${text}" is no range of ports. Write for example 20000-29999.`);
  return { first, last };
}

type Listening = Pick<InstallationConfig, 'bind' | 'port' | 'tls' | 'behindProxy'>;
const isEveryAddress = (bind: string) => bind === '0.0.0.0' || bind === '::';

/**
 * The base URL where nobody says it this time: the present one, as long as what it stands for listens as before, else the address
 * listened on. Throws where that is not what people type: the panel answers to its own name alone.
 */
function usualBaseUrl(present: InstallationConfig | undefined, wanted: Listening): string {
  const { bind, port, tls, behindProxy } = wanted;
  const asBefore =
    present !== undefined &&
    present.behindProxy === behindProxy &&
    (behindProxy ||
      (present.bind === bind && present.port === port && (present.tls === undefined) === (tls === undefined)));
  if (asBefore) return present.baseUrl;
  if (behindProxy)
    throw new Error(
      'Behind a proxy people type its name, and Berth answers to that one alone. Say it: --base-url https://panel.example.org',
    );
  const scheme = tls === undefined ? 'http' : 'https';
  if (isEveryAddress(bind))
    throw new Error(
      `--bind ${bind} does not say what people type, and Berth answers to that name alone. Say it: --base-url ${scheme}://panel.example.org:${port}`,
    );
  return `${scheme}://${bind.includes(':') ? `[${bind}]` : bind}:${port}`;
}

/**
 * The configuration that results from what was and what is asked for. Pure. Throws a sentence when it makes no sense.
 * `external`: the database is somebody else's.
 */
export function mergeConfig(
  present: InstallationConfig | undefined,
  options: UpOptions,
  external: boolean,
): InstallationConfig {
  const bind = options.bind ?? present?.bind ?? '127.0.0.1';
  const port = options.port ?? present?.port ?? 8080;
  if (bind !== 'localhost' && isIP(bind) === 0) throw new Error(`--bind wants an IP address, not "${bind}".`);
  if ((options.tlsCert === undefined) !== (options.tlsKey === undefined))
    throw new Error('--tls-cert and --tls-key belong together.');
  if (present !== undefined && options.instance !== undefined && options.instance !== present.instance) {
    throw new Error(
      `This installation's instance is "${present.instance}"; it is part of every object's name and cannot change.`,
    );
  }
  const own =
    options.tlsCert === undefined || options.tlsKey === undefined
      ? present?.tls
      : { ...present?.tls, certificate: options.tlsCert, key: options.tlsKey };
  if (options.tlsDir !== undefined && own === undefined)
    throw new Error('--tls-dir is for names besides the panel’s own: --tls-cert and --tls-key belong to it.');
  if (options.tlsDir !== undefined && options.tlsDir !== '' && !isAbsolute(options.tlsDir))
    throw new Error('--tls-dir wants an absolute path.');
  const tls =
    own === undefined || options.tlsDir === undefined ? own : { ...own, directory: options.tlsDir || undefined };
  const behindProxy = options.behindProxy ?? present?.behindProxy ?? false;
  // "" takes it back.
  const forwardAddress =
    options.forwardAddress === undefined ? present?.forwardAddress : options.forwardAddress || undefined;
  if (forwardAddress !== undefined && isIP(forwardAddress) !== 4)
    throw new Error(`--forward-address wants an IPv4 address, not "${forwardAddress}".`);
  const baseUrl = options.baseUrl ?? usualBaseUrl(present, { bind, port, tls, behindProxy });
  return InstallationConfig.parse({
    name: options.name ?? present?.name ?? 'berth',
    instance: options.instance ?? present?.instance ?? 'b0',
    bind,
    port,
    baseUrl: baseUrl.replace(/\/+$/, ''),
    ...(tls === undefined ? {} : { tls }),
    behindProxy,
    workers: options.workers ?? present?.workers ?? 1,
    agentPort: options.agentPort ?? present?.agentPort ?? 7443,
    ...(external ? {} : { postgresPort: options.postgresPort ?? present?.postgresPort ?? 7432 }),
    subnet: options.subnet ?? present?.subnet ?? '10.88.0.0/16',
    idBase: options.idBase ?? present?.idBase ?? 1_879_048_192,
    ...(forwardAddress === undefined ? {} : { forwardAddress }),
    forwardPorts:
      options.forwardPorts === undefined
        ? (present?.forwardPorts ?? { first: 20_000, last: 29_999 })
        : rangeOf(options.forwardPorts),
    ...(present?.smtp === undefined ? {} : { smtp: present.smtp }),
    ...(present?.panelBackup === undefined ? {} : { panelBackup: present.panelBackup }),
    // What is only ever set by hand.
    ...(present === undefined
      ? {}
      : {
          emergencyApprovals: present.emergencyApprovals,
          handoversAcrossResellers: present.handoversAcrossResellers,
          stepUpMinutes: present.stepUpMinutes,
        }),
    // Known passwords must not be reachable from elsewhere, behind a proxy neither.
    demo: isLoopback(bind) && !behindProxy,
  } satisfies z.input<typeof InstallationConfig>);
}

/** Reads, merges and writes `<state>/config.json`. */
export async function configure(
  stateDir: string,
  options: UpOptions,
  env: NodeJS.ProcessEnv = process.env,
): Promise<InstallationConfig> {
  const paths = statePaths(stateDir);
  const present = (await readIfThere(paths.config)) === undefined ? undefined : readConfig(stateDir);
  const given = env.DATABASE_URL !== undefined && env.DATABASE_URL !== '';
  const external = given || (present !== undefined && present.postgresPort === undefined);
  if (given && present?.postgresPort !== undefined && (await readIfThere(join(paths.pg, 'PG_VERSION'))) !== undefined) {
    throw new Error(
      'This installation has a database of its own already; DATABASE_URL would leave its contents behind. Purge first, or unset it.',
    );
  }
  const config = mergeConfig(present, options, external);
  await ensureDirectory(stateDir, 0o711);
  await writeFileDurably(paths.config, `${JSON.stringify(config, null, 2)}\n`, { mode: 0o644 });
  return config;
}
