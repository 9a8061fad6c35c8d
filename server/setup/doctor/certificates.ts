/** Certificates of our own authority: whose they are, whether they fit, how long they are good. */
import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import { renewAfterDays } from '#lib/pki/ca.ts';
import type { SetupContext } from '../context.ts';
import { readIfThere } from '../files.ts';
import { ensureSecrets } from '../secrets.ts';
import { servicesOf } from '../services.ts';
import { type Check, fine, wrong } from './check.ts';

const dayMs = 86_400_000;
/** Renewed from the 60th of 90 days on; whoever has less than this was not. */
const tooFewDays = 20;

type Held = { name: 'web' | 'worker' | 'agent'; file: string };

export function certificateFiles(paths: SetupContext['paths']): Held[] {
  return [
    ...(['web', 'worker'] as const).map((name) => ({ name, file: join(paths.role(name), 'service.crt') })),
    { name: 'agent', file: join(paths.agentDir, 'pki', 'host.pem') },
  ];
}

export async function certificateIn(file: string): Promise<X509Certificate | undefined> {
  const text = await readIfThere(file);
  return text === undefined ? undefined : new X509Certificate(text);
}

export async function certificates(context: SetupContext): Promise<Check[]> {
  const authority = await certificateIn(context.paths.caFile);
  return Promise.all(certificateFiles(context.paths).map((held) => inspect(context, held, authority)));
}

async function inspect(
  context: SetupContext,
  { name, file }: Held,
  authority: X509Certificate | undefined,
): Promise<Check> {
  const about = {
    id: `certificate-${name}`,
    why: 'With an expired one portal and agent refuse each other: containers run on and nobody can manage them.',
  };
  const certificate = await certificateIn(file);
  if (certificate === undefined) {
    if (name === 'agent') return fine(about, 'this machine has not joined as a host');
    return wrong(about, `${file} is missing`, 'Make it anew.', renewal(context, name));
  }
  const days = Math.floor((certificate.validToDate.getTime() - Date.now()) / dayMs);
  const foreign = authority === undefined || !certificate.verify(authority.publicKey);
  if (!foreign && days >= tooFewDays) return fine(about, `good for ${days} days (renewed after ${renewAfterDays})`);
  const found = foreign ? 'not of our own authority' : days < 0 ? `expired ${-days} days ago` : `ends in ${days} days`;
  if (name === 'agent') return wrong(about, found, 'Run "./berth up", or join the portal again: ./berth host join.');
  return wrong(
    about,
    found,
    `Renew it and start the ${name} again; containers are not touched.`,
    renewal(context, name),
  );
}

function renewal(context: SetupContext, name: 'web' | 'worker') {
  return {
    command: './berth up',
    async apply() {
      await ensureSecrets(context);
      const services = servicesOf(context);
      const runs = (await services.status()).some((one) => one.name === name && one.state === 'running');
      if (runs) await services.restart(name);
    },
  };
}
