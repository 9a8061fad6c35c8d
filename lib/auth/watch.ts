import { and, eq, inArray, isNull } from 'drizzle-orm';
import { type Reach, systemActor, type UserActor } from '../access/actor.ts';
import { BerthError, type ErrorCode } from '../contract/errors.ts';
import { asActor } from '../db/client.ts';
import { notifications } from '../db/listen.ts';
import { apiTokens, sessions } from '../db/schema/sessions.ts';
import { users } from '../db/schema/users.ts';
import { limitsOf, type Person, person, toActor } from '../people/actor.ts';
import { mustEnrol, mustEnrolHere } from '../people/must-enrol.ts';
import { processSlot } from '../process-slot.ts';
import { sessionLives, tokenLives } from './sessions.ts';

/** With a notification at revocation this is only the second line; alone it still keeps the promise of 2 s. */
const checkEveryMs = 1000;
/** Without an answer of the database nobody can revoke either; after so long streams end all the same. */
const blindLimitMs = 10_000;

/** Why somebody may not go on: they are nobody any more, or have lost a right. */
type Why = Extract<ErrorCode, 'unauthenticated' | 'forbidden'>;
type Watched = { actor: UserActor; end: (why: Why) => void };

/** Looks after the people behind open streams: one query for all of them, every {@link checkEveryMs}. */
class Watcher {
  readonly #watched = new Set<Watched>();
  #timer: NodeJS.Timeout | undefined;
  #lastAnswerMs = Date.now();
  #checking = false;

  constructor() {
    notifications().on('berth_sessions', (revoked) => {
      for (const one of this.#watched) {
        if (revoked !== '' && (one.actor.sessionId === revoked || one.actor.tokenId === revoked)) {
          this.#end(one, 'unauthenticated');
        }
      }
    });
  }

  add(actor: UserActor, end: (why: Why) => void): () => void {
    const one = { actor, end };
    if (this.#watched.size === 0) this.#lastAnswerMs = Date.now();
    this.#watched.add(one);
    this.#timer ??= setInterval(() => void this.#check(), checkEveryMs).unref();
    return () => this.#remove(one);
  }

  countOf(userId: string): number {
    let count = 0;
    for (const { actor } of this.#watched) if (actor.userId === userId) count += 1;
    return count;
  }

  #remove(one: Watched): void {
    this.#watched.delete(one);
    if (this.#watched.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #end(one: Watched, why: Why): void {
    this.#remove(one);
    one.end(why);
  }

  async #check(): Promise<void> {
    if (this.#checking) return;
    this.#checking = true;
    try {
      const asked = [...this.#watched];
      const now = await livePeople(asked.map((one) => one.actor));
      this.#lastAnswerMs = Date.now();
      for (const one of asked) {
        if (!this.#watched.has(one)) continue; // gone meanwhile; who has come meanwhile was not asked about
        const is = now.get(one.actor.sessionId ?? one.actor.tokenId ?? '');
        if (is === undefined) this.#end(one, 'unauthenticated');
        // With fewer rights the stream was opened by somebody who no longer is.
        else if (!keepsAll(is, one.actor)) this.#end(one, 'forbidden');
      }
    } catch {
      if (Date.now() - this.#lastAnswerMs > blindLimitMs) {
        for (const one of this.#watched) this.#end(one, 'unauthenticated');
      }
    } finally {
      this.#checking = false;
    }
  }
}

async function livePeople(actors: UserActor[]) {
  const sessionIds = actors.flatMap((actor) => actor.sessionId ?? []);
  const tokenIds = actors.flatMap((actor) => actor.tokenId ?? []);
  return asActor(systemActor('watch'), async (tx) => {
    const bySession = await tx
      .select({ id: sessions.id, ...person, mustEnrol: mustEnrolHere })
      .from(sessions)
      .innerJoin(users, eq(users.id, sessions.userId))
      .where(and(inArray(sessions.id, sessionIds), sessionLives, isNull(users.disabledAt)));
    const byToken = await tx
      .select({ id: apiTokens.id, limits: limitsOf, ...person, mustEnrol })
      .from(apiTokens)
      .innerJoin(users, eq(users.id, apiTokens.userId))
      .where(and(inArray(apiTokens.id, tokenIds), tokenLives, isNull(users.disabledAt)));
    return new Map<string, Person>([...bySession, ...byToken].map(({ id, ...row }) => [id, row]));
  });
}

/** Whether all is left of what the actor had when the stream was opened. What came since, the next stream has. */
function keepsAll(row: Person, actor: UserActor): boolean {
  const now = toActor(row, actor).assignments;
  return actor.assignments.every((had) => {
    const has = now.find((one) => one.id === had.id && one.tenantId === had.tenantId);
    return (
      has !== undefined &&
      [...had.permissions].every((one) => has.permissions.has(one)) &&
      reachesAll(has.reach, had.reach)
    );
  });
}

function reachesAll(has: Reach, had: Reach): boolean {
  if (has === 'all' || had === 'all') return has === 'all';
  return (
    had.tenantIds.every((id) => has.tenantIds.includes(id)) &&
    had.containerIds.every((id) => has.containerIds.includes(id))
  );
}

const slot = processSlot<Watcher>('watcher');
/** Streams and consoles of one person at each web process: a browser has one stream, and a tab one console. */
export const mostStreams = 100;

/** Throws `rate_limited` for who has as many streams open as one may: each of them costs for as long as it is there. */
export function refuseTooManyStreams(actor: UserActor): void {
  if ((slot.peek()?.countOf(actor.userId) ?? 0) < mostStreams) return;
  throw new BerthError('rate_limited', `There are ${mostStreams} streams and consoles of yours open.`);
}

/**
 * Calls `end` once, within 2 s, when the actor's session or token is revoked or over, or their account is disabled or has
 * lost a right. Returns what stops the watching.
 */
export function watchActor(actor: UserActor, end: (why: Why) => void): () => void {
  let watcher = slot.peek();
  if (watcher === undefined) {
    watcher = new Watcher();
    slot.set(watcher);
  }
  return watcher.add(actor, end);
}
