import { generateIdentity, identityToRecipient } from 'age-encryption';
import type { SetupContext } from '../setup/context.ts';
import { readIfThere, writeFileDurably } from '../setup/files.ts';

/**
 * The recovery key of the panel's backups is an age identity (X25519). Only its public half stays on the machine: whoever takes
 * the machine can make backups and cannot read them. The secret half is shown once and is nowhere else.
 */
export async function makeRecoveryKey({ paths }: SetupContext): Promise<string> {
  const identity = await generateIdentity();
  await writeFileDurably(paths.panelRecipient, `${await identityToRecipient(identity)}\n`, { mode: 0o600 });
  return identity;
}

/** A new key when there is none yet; undefined when there is one. */
export async function ensureRecoveryKey(context: SetupContext): Promise<string | undefined> {
  return (await readRecipient(context)) === undefined ? await makeRecoveryKey(context) : undefined;
}

/** To whom backups are encrypted: `age1…`. */
export async function readRecipient({ paths }: SetupContext): Promise<string | undefined> {
  return (await readIfThere(paths.panelRecipient))?.trim();
}
