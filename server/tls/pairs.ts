/** Certificates that the operator has put somewhere, with their keys: which there are, and whether they can be served. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createSecureContext, type SecureContext } from 'node:tls';
import { readIfThere } from '../setup/files.ts';

/** PEM texts. `certificate`: the chain, its own certificate first. */
export type Pair = { certificate: string; key: string };
export type NamedPair = Pair & { name: string };
/** What a pair is good for. `names`: host names in small letters, `*.` before those of a wildcard. */
export type Judged = { names: string[]; validTo: Date; context: SecureContext };
export type Fault = { name: string; fault: string };

const plainName = /^(\*\.)?[a-z0-9_-]+(\.[a-z0-9_-]+)*$/;
const entryName = /^[A-Za-z0-9_*][A-Za-z0-9._*-]{0,199}$/;

/** Throws a sentence's end that says what is wrong: what it follows says of which pair. */
export function judgePair({ certificate, key }: Pair): Judged {
  const said = <T>(words: string, work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      throw new Error(words, { cause });
    }
  };
  const own = said('the certificate cannot be read', () => new X509Certificate(certificate));
  const secret = said('the key cannot be read; it must not have a passphrase', () => createPrivateKey(key));
  if (!own.checkPrivateKey(secret)) throw new Error('the key is not the certificate’s');
  const context = said('certificate and key cannot be served together', () =>
    createSecureContext({ cert: certificate, key, minVersion: 'TLSv1.2' }),
  );
  const names = (own.subjectAltName ?? '').split(', ').flatMap((one) => {
    const name = one.startsWith('DNS:') ? one.slice('DNS:'.length).toLowerCase() : '';
    return plainName.test(name) ? [name] : [];
  });
  return { names, validTo: own.validToDate, context };
}

/** The same for one that is chosen by its names: it must have some. */
export function judgeNamedPair(pair: Pair): Judged {
  const judged = judgePair(pair);
  if (judged.names.length === 0) throw new Error('the certificate says no host name');
  return judged;
}

export const wordsOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/**
 * The pairs of a directory, as `NAME.crt` with `NAME.key` or as certbot has them, `NAME/fullchain.pem` with `NAME/privkey.pem`; those that can
 * be served, and what is wrong with the others. Whatever else lies there is passed over. Throws when the directory cannot be read.
 */
export async function pairsIn(directory: string): Promise<{ pairs: NamedPair[]; faults: Fault[] }> {
  const entries = (await readdir(directory)).sort();
  const found = new Map<string, [certificate: string, key: string]>();
  for (const entry of entries) {
    if (!entryName.test(entry)) continue;
    const name = entry.replace(/\.(crt|key)$/, '');
    if (name !== entry) found.set(name, [`${name}.crt`, `${name}.key`]);
    else if (await isDirectory(join(directory, entry)))
      found.set(name, [`${name}/fullchain.pem`, `${name}/privkey.pem`]);
  }
  const [pairs, faults]: [NamedPair[], Fault[]] = [[], []];
  for (const [name, [certificateFile, keyFile]] of found) {
    try {
      const certificate = await textOf(directory, certificateFile);
      const key = await textOf(directory, keyFile);
      judgeNamedPair({ certificate, key });
      pairs.push({ name, certificate, key });
    } catch (error) {
      faults.push({ name, fault: wordsOf(error) });
    }
  }
  return { pairs, faults };
}

const isDirectory = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

async function textOf(directory: string, file: string): Promise<string> {
  const text = await readIfThere(join(directory, file));
  if (text === undefined) throw new Error(`${file} is missing`);
  return text;
}
