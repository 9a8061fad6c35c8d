/** The web's own copies of the operator's certificates, so that it needs no right to read the originals. Made by root: `up` and the keeper. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type SetupContext, serviceUids } from '../setup/context.ts';
import { readIfThere, writeFileDurably } from '../setup/files.ts';
import { type Fault, judgePair, type Pair, pairsIn, wordsOf } from './pairs.ts';

/** What the fault of the certificate for all other names is called by. */
export const defaultName = 'the panel’s own';
/** A pair is one file: its halves change together. */
export const copyPattern = /^sni-(.+)\.json$/;
const copyName = (name: string) => `sni-${name}.json`;

/** What was replaced or removed, and what could not be taken: of that the copy before stays. */
export type Copied = { changed: string[]; faults: Fault[] };

/** Makes the copies what the originals are. Twice is as good as once; the web takes a change up by itself. */
export async function copyCertificates(context: SetupContext): Promise<Copied> {
  const { tls } = context.config;
  if (tls === undefined) return { changed: [], faults: [] };
  const own = await copyOwn(context, tls);
  const others = tls.directory === undefined ? await dropAll(context) : await copyDirectory(context, tls.directory);
  return { changed: [...own.changed, ...others.changed], faults: [...own.faults, ...others.faults] };
}

/** The operator's pair for all names that have none of their own; throws what is wrong with it. */
export async function ownPair(tls: { certificate: string; key: string }): Promise<Pair> {
  const [certificate, key] = [await readIfThere(tls.certificate), await readIfThere(tls.key)];
  if (certificate === undefined) throw new Error(`${tls.certificate} is missing`);
  if (key === undefined) throw new Error(`${tls.key} is missing`);
  judgePair({ certificate, key });
  return { certificate, key };
}

async function copyOwn({ paths }: SetupContext, tls: { certificate: string; key: string }): Promise<Copied> {
  try {
    const pair = await ownPair(tls);
    const changed = await Promise.all([
      replace(join(paths.role('web'), 'tls.key'), pair.key),
      replace(join(paths.role('web'), 'tls.crt'), pair.certificate),
    ]);
    return { changed: changed.some(Boolean) ? [defaultName] : [], faults: [] };
  } catch (error) {
    return { changed: [], faults: [{ name: defaultName, fault: wordsOf(error) }] };
  }
}

async function copyDirectory(context: SetupContext, directory: string): Promise<Copied> {
  const found = await pairsIn(directory).catch((error: unknown) => wordsOf(error));
  // A directory that cannot be read takes nobody's certificate away.
  if (typeof found === 'string') return { changed: [], faults: [{ name: directory, fault: found }] };
  const changed: string[] = [];
  const web = context.paths.role('web');
  for (const { name, certificate, key } of found.pairs) {
    if (await replace(join(web, copyName(name)), `${JSON.stringify({ certificate, key })}\n`)) changed.push(name);
  }
  const kept = new Set([...found.pairs, ...found.faults].map((one) => one.name));
  return { changed: [...changed, ...(await dropBut(context, kept))], faults: found.faults };
}

const dropAll = async (context: SetupContext): Promise<Copied> => ({
  changed: await dropBut(context, new Set()),
  faults: [],
});

async function dropBut({ paths }: SetupContext, kept: ReadonlySet<string>): Promise<string[]> {
  const dropped: string[] = [];
  for (const file of await readdir(paths.role('web'))) {
    const name = copyPattern.exec(file)?.[1];
    if (name === undefined || kept.has(name)) continue;
    await rm(join(paths.role('web'), file), { force: true });
    dropped.push(name);
  }
  return dropped;
}

async function replace(file: string, text: string): Promise<boolean> {
  if ((await readIfThere(file)) === text) return false;
  await writeFileDurably(file, text, { mode: 0o400, owner: serviceUids.web });
  return true;
}
