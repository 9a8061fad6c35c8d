/** Markup in every text that somebody could have stored, put there past all that checks it; and how it is found on a page. */
import { sql } from 'drizzle-orm';
import type { TestPortal } from '#tests/support/portal.ts';

const mark = 'xssmark';
/** Out of an attribute, out of a script, out of text. */
export const payload = `${mark}"'><img src=x onerror=alert(1)></script><script>alert(1)</script>javascript:alert(1)`;

/** Columns whose text people, hosts or programs choose. By name, from the catalogue, so that a new one is among them. */
const chosen =
  /^(name|title|about|message|subject|body|note|reason|hostname|user_agent|address|price|detail|problem|why|report|last_error|device|url|product_name|support_url|legal_url|sign_in_text|words|.*_name)$/;
/** Addresses that the panel itself follows, and names that are looked up. */
const left = new Set([
  'hosts.address',
  'containers.address',
  'templates.name',
  'backup_locations.url',
  'outbox.body',
  'service_heartbeats.name',
]);

/** Gives the columns that took it. */
export async function fillWith(portal: TestPortal, text: string): Promise<string[]> {
  const { rows } = await portal.super.execute<{ table: string; column: string }>(sql`
    select table_name as table, column_name as column from information_schema.columns
    where table_schema = 'public' and data_type = 'text' order by 1, 2`);
  const filled: string[] = [];
  for (const { table, column } of rows) {
    if (!chosen.test(column) || left.has(`${table}.${column}`)) continue;
    const took = await portal.super
      .transaction(async (tx) => {
        await tx.execute(sql`set local session_replication_role = replica`);
        // Each its own, for those that must differ.
        const given = /url$/.test(column) ? `javascript:alert(1)//${text}` : text;
        const result = await tx.execute(
          sql.raw(`update ${table} t set ${column} = '${given.replaceAll("'", "''")}' || left(md5(t::text), 6)`),
        );
        return (result.rowCount ?? 0) > 0;
      })
      // A check says what may stand there.
      .catch(() => false);
    if (took) filled.push(`${table}.${column}`);
  }
  return filled;
}

/** How often the payload stands on a page, and how often as markup. */
export function payloadIn(page: string): { shown: number; unescaped: number } {
  const shown = page.split(mark).length - 1;
  const unescaped = page.split(/<img src=x onerror|<script>alert\(1\)|href="javascript:/).length - 1;
  return { shown, unescaped };
}
