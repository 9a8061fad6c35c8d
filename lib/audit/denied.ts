import { systemActor, type UserActor } from '../access/actor.ts';
import { canSee, staffOf } from '../access/authorize.ts';
import { asActor, type Tx } from '../db/client.ts';
import { logError } from '../http/log.ts';
import { find, type Target } from './whose.ts';
import { writeAudit } from './write.ts';

/** What somebody was refused: the right they lacked, and the address below /api/v1 with its id, if it has one. */
export type Denied = { verb: string; path: string; id?: string | undefined };

/**
 * Records that somebody was refused for want of a right. Whom the thing belongs to reads it too, so a tenant sees who of the
 * provider tried to look inside. Looked up as the actor: of a thing they may not know of, not even that it exists, the record
 * keeps nothing but the attempt. Never throws: a refusal stands whether it can be written down or not.
 */
export async function recordDenied(actor: UserActor, { verb, path, id }: Denied): Promise<void> {
  const area = path.split('/')[1] ?? '';
  try {
    await asActor(actor, async (tx) => {
      const target = id === undefined ? undefined : await known(tx, actor, area, id);
      await writeAudit(tx, actor, {
        verb,
        outcome: 'denied',
        tenantId: target === undefined ? actor.tenantId : target.tenantId,
        targetKind: area.replace(/s$/, ''),
        targetId: target === undefined ? null : (id ?? null),
        targetName: target?.name ?? null,
      });
    });
  } catch (error) {
    logError('audit', actor.userId, error);
  }
}

const hourMs = 3_600_000;

/** What a person was recorded for in the last hour, by this process; of each at most `most` things, so that nobody fills the record. */
class Hourly {
  readonly #seen = new Map<string, Map<string, number>>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  isNew({ userId }: UserActor, { verb, path, id }: Denied): boolean {
    const now = Date.now();
    for (const [user, seen] of this.#seen) {
      for (const [one, at] of seen) if (at < now - hourMs) seen.delete(one);
      if (seen.size === 0) this.#seen.delete(user);
    }
    const seen = this.#seen.get(userId) ?? new Map<string, number>();
    const key = `${verb} ${path} ${id}`;
    if (seen.has(key) || seen.size >= this.#most) return false;
    this.#seen.set(userId, seen.set(key, now));
    return true;
  }
}

const drawn = new Hourly(1000);
const unseen = new Hourly(100);

/**
 * The same for a page that says no instead of showing what was asked for. Pages are drawn again and again by themselves: one person, right
 * and thing are recorded once an hour by this process.
 */
export async function recordDeniedPage(actor: UserActor, denied: Denied): Promise<void> {
  if (drawn.isNew(actor, denied)) await recordDenied(actor, denied);
}

/**
 * The same for one of the staff, of the provider or of a reseller, who was told that there is no such thing, and there is one: somebody else's. Only
 * the provider reads it: who tried would learn from it that they were right, and whose it is has nothing to do with their house. Looked up with the
 * portal's own eyes; 100 things a person and hour are recorded at most. An answer must not wait for it, for that would tell the two apart.
 */
export async function recordUnseen(actor: UserActor, { verb, path, id }: Denied): Promise<void> {
  if (id === undefined || !isStaff(actor)) return;
  const area = path.split('/')[1] ?? '';
  try {
    await asActor(systemActor('audit'), async (tx) => {
      const target = await find(tx, area, id);
      if (target === undefined || canSee(actor, target) || !unseen.isNew(actor, { verb, path, id })) return;
      const about = { targetKind: area.replace(/s$/, ''), targetId: id, targetName: target.name };
      await writeAudit(tx, actor, { verb, outcome: 'denied', tenantId: null, ...about });
    });
  } catch (error) {
    logError('audit', actor.userId, error);
  }
}

function isStaff(actor: UserActor): boolean {
  const staff = staffOf(actor);
  return staff === 'all' || staff.length > 0;
}

async function known(tx: Tx, actor: UserActor, area: string, id: string): Promise<Target | undefined> {
  const target = await find(tx, area, id);
  return target !== undefined && canSee(actor, target) ? target : undefined;
}
