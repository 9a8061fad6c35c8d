import type { z } from 'zod';
import type { Actor } from '../access/actor.ts';
import { authorize } from '../access/authorize.ts';
import type { AuditEntry, AuditExportQuery } from '../contract/audit.ts';
import { asActor } from '../db/client.ts';
import { attachment } from '../http/attachment.ts';
import { listAudit } from './list.ts';
import { writeAudit } from './write.ts';

const atOnce = 200;
const columns = [
  ...['at', 'actor', 'actorId', 'onBehalfOf', 'verb', 'outcome', 'targetKind', 'target', 'targetId', 'tenantId'],
  ...['address', 'detail', 'id'],
];

/**
 * All that a search finds in the actor's scope, newest first, as lines of JSON or as CSV (RFC 4180), read and sent a page at a time.
 * That it was taken out is recorded.
 */
export async function exportAudit(actor: Actor, input: z.infer<typeof AuditExportQuery>): Promise<Response> {
  authorize(actor, 'audit.read');
  const { format, ...filters } = input;
  await asActor(actor, (tx) =>
    writeAudit(tx, actor, {
      verb: 'audit.export',
      tenantId: actor.kind === 'user' ? actor.tenantId : null,
      targetKind: 'audit',
      detail: { format, ...filters },
    }),
  );
  async function* lines(): AsyncGenerator<string> {
    if (format === 'csv') yield csvLine(columns);
    for (let cursor: string | undefined; ; ) {
      const { items, nextCursor } = await listAudit(actor, { ...filters, limit: atOnce, cursor });
      yield items.map((entry) => (format === 'csv' ? csvLine(cells(entry)) : `${JSON.stringify(entry)}\n`)).join('');
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }
  const name = `audit-${new Date().toISOString().slice(0, 10)}.${format}`;
  return attachment(lines(), name, {
    type: format === 'csv' ? 'text/csv; charset=utf-8' : 'application/jsonl; charset=utf-8',
  });
}

function cells(entry: AuditEntry): string[] {
  return [
    ...[entry.at, entry.actor.name, entry.actor.id ?? '', entry.onBehalfOf?.name ?? '', entry.verb, entry.outcome],
    ...[entry.targetKind, entry.targetName ?? '', entry.targetId ?? '', entry.tenantId ?? '', entry.address ?? ''],
    ...[JSON.stringify(entry.detail), entry.id],
  ];
}

/** Names are other people's: one that a spreadsheet would take for a formula is made text. */
export function csvLine(values: readonly string[]): string {
  const cell = (value: string) => {
    const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${values.map(cell).join(',')}\r\n`;
}
