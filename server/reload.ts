import { readFileSync, unwatchFile, watchFile } from 'node:fs';
import type { Agents } from '#lib/agent-client/agents.ts';
import { type GrantIssuer, type GrantSigner, grantSigner } from '#lib/grants/sign.ts';
import type { Identity } from '#lib/settings.ts';

const lookEveryMs = 2_000;
const text = (file: string) => readFileSync(file, 'utf8');

/** The client identity that the files hold now. */
export function clientIdentity(identity: Identity, caFile: string) {
  return { certificate: text(identity.certificateFile), key: text(identity.keyFile), ca: text(caFile) };
}

/** A signer whose key follows its file. */
export function followingSigner(issuer: GrantIssuer, file: string): GrantSigner & { reload(): void } {
  let current = grantSigner(issuer, text(file));
  return {
    issuer,
    sign: (claims) => current.sign(claims),
    reload: () => {
      current = grantSigner(issuer, text(file));
    },
  };
}

/**
 * Calls `work` after any of the files has changed, until the returned function is called. Certificates and keys are renewed
 * while we run; each is replaced whole. What fails is tried again at the next change and told to `failed`.
 */
export function whenChanged(files: readonly string[], work: () => void, failed: (error: unknown) => void): () => void {
  const look = () => {
    try {
      work();
    } catch (error) {
      failed(error);
    }
  };
  for (const file of files) watchFile(file, { interval: lookEveryMs, persistent: false }, look);
  return () => {
    for (const file of files) unwatchFile(file, look);
  };
}

/** Keeps a process's connections to agents on the newest certificate and grant key of its role. */
export function followIdentity(
  agents: Agents,
  signer: { reload(): void },
  settings: { identity: Identity; caFile: string },
  log: { info(message: string): void; warn(detail: Record<string, unknown>, message: string): void },
): () => void {
  const { identity, caFile } = settings;
  return whenChanged(
    [identity.certificateFile, identity.keyFile, identity.grantKeyFile],
    () => {
      agents.renew(clientIdentity(identity, caFile));
      signer.reload();
      log.info('a new certificate or grant key');
    },
    (error) => log.warn({ err: error }, 'the new certificate or grant key cannot be read'),
  );
}
