/** `berth ct export|import`: whole systems as one file. */
import { statSync } from 'node:fs';
import type { Common, Context } from './asking.ts';
import { finish } from './asking.ts';
import { download, refuseOver, sendPieces } from './files.ts';
import { idOf, tenantOf } from './names.ts';
import { waitFor } from './output.ts';
import { size } from './show.ts';
import { forgetUpload, keepUpload, keptUpload } from './uploads.ts';

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

/** Uploads an archive and makes a container of it. An upload that was cut off goes on when the same is asked for again. */
export async function importFrom(context: Context, file: string, name: string, options: Import, keys: string[]) {
  const { panel, voice } = context;
  const [tenantId, planId] = await Promise.all([tenantOf(panel, options.tenant), idOf(panel, 'plan', options.plan)]);
  const { size: whole, mtimeMs } = statSync(file);
  const key = [panel.url, 'import', tenantId, planId, file, whole, mtimeMs].join('\n');
  const known = keptUpload(key);
  const there =
    known === undefined ? null : await panel.call('imports.get', { params: { id: known.upload } }).catch(() => null);
  const host = options.host === undefined ? {} : { hostId: await idOf(panel, 'host', options.host) };
  const upload =
    there ?? (await panel.call('imports.start', { body: { tenantId, planId, sizeBytes: whole, ...host } }));
  const kept = { upload: upload.id, offset: upload.receivedBytes };
  keepUpload(key, kept);
  await sendPieces(voice, { file, whole, kept, keep: (one) => keepUpload(key, one) }, async (offset, piece) => {
    const query = { params: { id: upload.id }, query: { offset } };
    const answer = await panel.bytes('imports.write', query, { body: piece as BodyInit });
    const { receivedBytes } = (await answer.json()) as { receivedBytes: number };
    return { received: receivedBytes, done: receivedBytes >= whole ? true : null };
  });
  const body = { importId: upload.id, name, sshKeys: keys, start: options.stopped !== true };
  const operation = await panel.call('containers.import', { body });
  forgetUpload(key);
  await finish(context, operation, options);
}
