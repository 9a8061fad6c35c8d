/** The machine itself: kernel, packages, limits, time, ports. */
import { readFile } from 'node:fs/promises';
import { get as plainGet } from 'node:http';
import { get as secureGet } from 'node:https';
import { join } from 'node:path';
import type { SetupContext } from '../context.ts';
import { inspectHost } from '../host.ts';
import { kernelSysctl, limitsToRaise, raiseLimits } from '../limits.ts';
import { portFaults, portSentence } from '../ports.ts';
import { run, tryRun } from '../run.ts';
import { localUrl } from '../up.ts';
import { certificateFiles, certificateIn } from './certificates.ts';
import { type Check, fine, verdict, wrong } from './check.ts';

const idOf = (name: string) => name.replaceAll(/[^a-z0-9]+/g, '-');

export async function kernel(): Promise<Check[]> {
  const why = 'Containers are made of it, and nothing of ours can stand in for it.';
  return (await inspectHost()).map(({ name, ok, found, remedy }) =>
    ok ? fine({ id: idOf(name), why }, found) : wrong({ id: idOf(name), why }, found, remedy ?? 'Use another kernel.'),
  );
}

/** Packages of `packages.debian` that are for more than tests, as dpkg knows them. */
export async function packages(repoDir: string): Promise<Check> {
  const about = { id: 'packages', why: 'Programs of these packages carry out what the panel promises.' };
  const lines = (await readFile(join(repoDir, 'packages.debian'), 'utf8')).replaceAll(/#.*/g, '').split('\n');
  const wanted = lines.map((line) => line.trim().split(/\s+/)).flatMap(([name, only]) => (name && !only ? [name] : []));
  // biome-ignore lint/suspicious/noTemplateCurlyInString: dpkg's own template
  const { stdout } = await tryRun('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Abbrev}\n', ...wanted]);
  const installed = new Set(stdout.split('\n').flatMap((line) => (/ ii/.test(line) ? [line.split(' ')[0]] : [])));
  const missing = wanted.filter((name) => !installed.has(name));
  const args = ['install', '-y', '--no-install-recommends', ...missing];
  return verdict(
    about,
    missing.map((name) => `${name} is not installed`),
    `${wanted.length} installed`,
    'Install them.',
    {
      command: `apt-get ${args.join(' ')}`,
      async apply() {
        const env = { DEBIAN_FRONTEND: 'noninteractive' };
        await tryRun('apt-get', ['-q', 'update'], { env }); // an unreachable extra source must not stop us
        await run('apt-get', ['-q', ...args], { env, timeoutMs: 600_000 });
      },
    },
  );
}

export async function limits(context: SetupContext): Promise<Check> {
  const about = {
    id: 'limits',
    why: 'With the defaults the machine runs out of these long before it runs out of memory.',
  };
  const low = Object.entries(await limitsToRaise(kernelSysctl));
  return verdict(
    about,
    low.map(([key, { before, after }]) => `${key} is ${before}, wanted ${after}`),
    'raised',
    'Raise them; "down --purge" gives back what was there.',
    {
      command: low.map(([key, { after }]) => `sysctl -w ${key.replaceAll('/', '.')}=${after}`).join(' && '),
      apply: () => raiseLimits(context.stateDir),
    },
  );
}

export async function ports(context: SetupContext): Promise<Check> {
  const about = { id: 'ports', why: 'What listens there answers in our place, and our process does not come up.' };
  const faults = await portFaults(context);
  return verdict(
    about,
    faults.map((fault) => fault.found),
    'free or ours',
    faults.map(portSentence).join(' '),
  );
}

/** So far may a clock be from the portal's before certificates, grants and what people read suffer. */
const toleranceMs = 30_000;

/** The clock against the portal's, where the portal answers, and against what this installation has itself written. */
export async function clock(context: SetupContext): Promise<Check> {
  const about = {
    id: 'clock',
    why: 'Certificates are not yet or no longer good, sessions end early, and the times people read are wrong.',
  };
  const faults: string[] = [];
  const portal = await portalTime(new URL('/healthz', context.config.baseUrl)).catch(() =>
    portalTime(new URL('/healthz', localUrl(context))).catch(() => undefined),
  );
  const ahead = portal === undefined ? 0 : Date.now() - portal;
  if (Math.abs(ahead) > toleranceMs) {
    faults.push(`${Math.round(Math.abs(ahead) / 1000)} s ${ahead > 0 ? 'ahead of' : 'behind'} the portal's`);
  }
  const newest = await newestStart(context);
  if (newest > Date.now()) faults.push(`earlier than our own certificates (${new Date(newest).toISOString()})`);
  const whole = portal === undefined ? 'not before anything of ours (no portal to compare with)' : 'as the portal’s';
  return verdict(
    about,
    faults,
    whole,
    'Set it, and keep it right with chrony or systemd-timesyncd: timedatectl set-ntp true',
  );
}

/** The Date header of an answer, in milliseconds. Whose certificate it is does not matter for this. */
function portalTime(url: URL): Promise<number> {
  return new Promise((resolve, reject) => {
    const get = url.protocol === 'https:' ? secureGet : plainGet;
    const asked = get(url, { timeout: 2_000, rejectUnauthorized: false, agent: false } as const, (answer) => {
      answer.resume();
      const time = Date.parse(answer.headers.date ?? '');
      if (Number.isNaN(time)) reject(new Error('no date'));
      else resolve(time);
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer')));
    asked.on('error', reject);
  });
}

async function newestStart({ paths }: SetupContext): Promise<number> {
  const starts = await Promise.all(
    certificateFiles(paths).map(async ({ file }) => (await certificateIn(file))?.validFromDate.getTime() ?? 0),
  );
  return Math.max(0, ...starts);
}
