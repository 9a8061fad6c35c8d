/** The audit record as the REST API gives it; how it is sealed is in lib/audit/chain.ts. */
import { z } from 'zod';
import { Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { inOrder, outOfOrder, PageQuery, period } from './lists.ts';

const Outcome = z.enum(['allowed', 'denied', 'failed']);

export const AuditEntry = z.object({
  id: Id,
  at: Instant,
  actor: z.object({ kind: z.string(), id: z.string().nullable(), name: z.string() }),
  /** Whose consent the actor used. */
  onBehalfOf: z.object({ id: Id, name: z.string() }).nullable(),
  verb: z.string(),
  outcome: Outcome,
  tenantId: Id.nullable(),
  targetKind: z.string(),
  targetId: z.string().nullable(),
  targetName: z.string().nullable(),
  address: z.string().nullable(),
  /** Facts; `before` and `after` where something was changed. Never a secret. */
  detail: z.record(z.string(), z.unknown()),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

const text = Line(200).min(1);
const filters = {
  /** Name, or part of it, or id of whoever did it, or on whose behalf. */
  actor: text.optional(),
  /** The act, or its beginning: `container` finds `container.start`. */
  verb: text.optional(),
  /** Name, or part of it, or id of what it was done to. */
  target: text.optional(),
  outcome: Outcome.optional(),
  tenantId: Id.optional(),
  ...period,
  /** The same by their older names. */
  tenant: Id.optional().meta({ deprecated: true }),
  from: z.iso.datetime({ offset: true }).optional().meta({ deprecated: true }),
};
export const AuditFilters = z.strictObject(filters);
export type AuditFilters = z.infer<typeof AuditFilters>;
export const AuditQuery = PageQuery.extend(filters).refine(inOrder, outOfOrder);
export const AuditExportQuery = z.strictObject({ format: z.enum(['csv', 'jsonl']).default('jsonl'), ...filters });

/** One thing that is wrong with the record, named as exactly as can be known. */
export const AuditProblem = z.object({
  /**
   * `changed`: an entry is not what was sealed. `removed`: an entry, or its seal, is gone. `cut-off`: the end is gone.
   * `rewritten`: the chain is another than the one whose head was signed. `unsealed`: an entry that nobody sealed, though nothing of it waits.
   */
  kind: z.enum(['changed', 'removed', 'cut-off', 'rewritten', 'unsealed']),
  /** Its place in the chain, and the last place, where it is about more than one. */
  seq: z.int().nullable(),
  untilSeq: z.int().nullable(),
  entryId: z.string().nullable(),
  detail: z.string(),
});
export type AuditProblem = z.infer<typeof AuditProblem>;
export const mostAuditProblems = 100;
export const AuditVerification = z.object({
  ok: z.boolean(),
  checkedAt: Instant,
  /** Sealed entries that were looked at, and entries that wait to be sealed. */
  entries: z.int(),
  waiting: z.int(),
  head: z.object({ seq: z.int(), hash: z.string() }).nullable(),
  /** The hosts that keep heads; of one that does not answer, nothing could be compared. */
  hosts: z.array(z.object({ name: z.string(), answered: z.boolean(), heads: z.int(), newestSeq: z.int().nullable() })),
  /** The first of them; `problemCount` is of all. */
  problems: z.array(AuditProblem).max(mostAuditProblems),
  problemCount: z.int(),
});
export type AuditVerification = z.infer<typeof AuditVerification>;
