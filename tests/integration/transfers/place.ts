import { v7 as uuidv7 } from 'uuid';
import { readExport, sendPiece } from '#lib/agent-client/transfers.ts';
import { resources, type TestAgent } from '../../support/agent.ts';

const subject = 'system';

/** Sends an archive, in pieces of this size if one is said; gives its id. */
export async function upload(agent: TestAgent, archive: Buffer, pieceBytes = archive.length): Promise<string> {
  const uploadId = uuidv7();
  for (let offset = 0; offset < archive.length; ) {
    const piece = archive.subarray(offset, offset + pieceBytes);
    offset = await send(agent, uploadId, { offset, sizeBytes: archive.length }, piece);
  }
  return uploadId;
}

export function send(
  agent: TestAgent,
  uploadId: string,
  order: { offset: number; sizeBytes: number },
  piece: Buffer,
): Promise<number> {
  const signal = AbortSignal.timeout(60_000);
  const content = (async function* () {
    yield piece;
  })();
  const { web } = agent.made.signers;
  return sendPiece(agent.connection('web'), web, { subject, uploadId }, order, content, signal);
}

export async function importArchive(agent: TestAgent, uploadId: string, change: Partial<typeof resources> = {}) {
  const [containerId, volumeId, tenantId] = [uuidv7(), uuidv7(), uuidv7()];
  const names = { uploadId, tenantId, name: 'imported', hostname: 'imported', volumeId };
  const args = { ...names, resources: { ...resources, ...change } };
  return { containerId, tenantId, ...(await agent.act('container.import', { containerId, args })) };
}

export async function exportContainer(agent: TestAgent, containerId: string) {
  const [exportId, snapshotId] = [uuidv7(), uuidv7()];
  await agent.act('snapshot.create', { containerId, args: { snapshotId } });
  const now = Date.now();
  const times = { exportedAt: new Date(now).toISOString(), expiresAt: new Date(now + 3_600_000).toISOString() };
  const args = { exportId, snapshotId, name: 'web-1', product: 'Quay', ...times };
  const made = await agent.act('container.export', { containerId, args });
  await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
  return { exportId, ...made };
}

export async function fetchExport(
  agent: TestAgent,
  containerId: string,
  exportId: string,
  offset = 0,
): Promise<Buffer> {
  const target = { subject, containerId, generation: 1 };
  const order = { exportId, offset };
  const signal = AbortSignal.timeout(60_000);
  const { body } = await readExport(agent.connection('web'), agent.made.signers.web, target, order, signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}
