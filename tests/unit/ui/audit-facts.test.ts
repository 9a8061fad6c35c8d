/** What is recorded has a name in the list, and words: by its type. A comment that expects an error where there is none does not compile. */
import { expect, it } from 'vitest';
import type { AuditRecord, writeAudit } from '#lib/audit/write.ts';
import { auditFacts, type Facts } from '#lib/contract/audit-facts.ts';
import { german } from '#lib/language/german/all.ts';

type Write = typeof writeAudit;
const about = { verb: 'x', tenantId: null, targetKind: 'x' };
const [bad, nested, any] = [{ nobodySaid: 1 }, { before: { title: 1, nobodySaid: 1 } }, {} as Record<string, unknown>];

/** Never called: it is the compiler's to say. */
async function plant(write: Write, tx: Parameters<Write>[0], actor: Parameters<Write>[1]): Promise<void> {
  await write(tx, actor, { ...about, detail: { kind: 'backup', before: { title: 1 }, found: [{ kind: 'x' }] } });
  // @ts-expect-error: a fact without words
  await write(tx, actor, { ...about, detail: { nobodySaid: 1 } });
  // @ts-expect-error: nor by way of a variable
  await write(tx, actor, { ...about, detail: { kind: 'x', ...bad } });
  // @ts-expect-error: nor in what was changed
  await write(tx, actor, { ...about, ...nested });
  // @ts-expect-error: nor inside another
  await write(tx, actor, { ...about, detail: { found: [{ kind: 'x', ...bad }] } });
  // @ts-expect-error: nor by a name that is not known here
  await write(tx, actor, { ...about, detail: any });
  // @ts-expect-error: nor where a function takes facts for it
  const facts: Facts = { nobodySaid: 1 };
  const record: AuditRecord = { ...about, detail: facts };
  await write(tx, actor, record);
}

it('a fact of the audit record has German of its own', () => {
  expect(plant).toBeTypeOf('function');
  const known = german as Record<string, string | undefined>;
  expect(auditFacts.filter((fact) => known[`${fact}: {value}`] === undefined)).toEqual([]);
  expect(new Set(auditFacts).size).toBe(auditFacts.length);
});
