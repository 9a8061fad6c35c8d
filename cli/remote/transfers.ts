/** `berth ct export|import`: whole systems as one file. */
import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fingerprint, headBytes } from '#lib/contract/fingerprint.ts';
import type { Common, Context } from './asking.ts';
import { finish } from './asking.ts';
import { download, refuseOver, sendPieces } from './files.ts';
import { idOf, tenantOf } from './names.ts';
import { waitFor } from './output.ts';
import { size } from './show.ts';

export type Export = Common & { output?: string; force?: boolean };

/** Exports, waits for the end of it, and downloads the file; a download that is cut off goes on. */
export async function exportTo({ panel, voice }: Context, container: string, options: Export): Promise<void> {
  const { output, force = false } = options;
  refuseOver(output, force);
  const id = await idOf(panel, 'container', container);
  const asked = await panel.call('containers.export', { params: { id }, body: {} });
  const done = await waitFor(panel, asked, voice, options);
  const ask = (headers: Record<string, string>) =>
    panel.bytes('exports.content', { params: { id: done.id } }, { headers });
  const name = await download(voice, ask, output, force);
  if (options.json) voice.out(JSON.stringify({ ...done, file: name }, null, 2));
  else voice.out(`${name}: ${size(statSync(name).size)}`);
}

export type Import = Common & {
  plan: string;
  tenant?: string;
  host?: string;
  sshKey?: string[];
  stopped?: boolean;
};

/**
 * Uploads an archive and makes a container of it. An upload of the same file for the same tenant and plan that was cut off goes on, wherever it was
 * begun.
 */
export async function importFrom(context: Context, file: string, name: string, options: Import, keys: string[]) {
  const { panel, voice } = context;
  const [tenantId, planId] = await Promise.all([tenantOf(panel, options.tenant), idOf(panel, 'plan', options.plan)]);
  const host = options.host === undefined ? {} : { hostId: await idOf(panel, 'host', options.host) };
  const { size: whole } = statSync(file);
  const print = await fingerprintOf(file);
  const { items } = await panel.call('imports.list', { query: { tenantId } });
  const begun = items.find(
    (one) => one.fingerprint === print && one.planId === planId && one.hostId === (host.hostId ?? one.hostId),
  );
  if (begun !== undefined) voice.err(`${file}: ${size(begun.receivedBytes)} of ${size(whole)} are there already`);
  const opened = { tenantId, planId, sizeBytes: whole, fileName: basename(file), fingerprint: print, ...host };
  const upload = begun ?? (await panel.call('imports.start', { body: opened }));
  const kept = { upload: upload.id, offset: upload.receivedBytes };
  await sendPieces(voice, { file, whole, kept, keep: () => undefined }, async (offset, piece) => {
    const query = { params: { id: upload.id }, query: { offset } };
    const answer = await panel.bytes('imports.write', query, { body: piece as BodyInit });
    const { receivedBytes } = (await answer.json()) as { receivedBytes: number };
    return { received: receivedBytes, done: receivedBytes >= whole ? true : null };
  });
  const body = { importId: upload.id, name, sshKeys: keys, start: options.stopped !== true };
  const operation = await panel.call('containers.import', { body });
  await finish(context, operation, options);
}

async function fingerprintOf(file: string) {
  const { size: sizeBytes, mtimeMs: changedAtMs } = statSync(file);
  const descriptor = openSync(file, 'r');
  const head = new Uint8Array(Math.min(headBytes, sizeBytes));
  const read = readSync(descriptor, head);
  closeSync(descriptor);
  return await fingerprint({ sizeBytes, changedAtMs, head: head.subarray(0, read) });
}
