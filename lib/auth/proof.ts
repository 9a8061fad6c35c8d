import { eq, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { systemActor, type UserActor } from '../access/actor.ts';
import { writeAudit } from '../audit/write.ts';
import { BerthError } from '../contract/errors.ts';
import type { Prove } from '../contract/factors.ts';
import type { RouteName } from '../contract/routes.ts';
import { stepUp } from '../contract/step-up.ts';
import { asActor, type Tx } from '../db/client.ts';
import { sessions } from '../db/schema/sessions.ts';
import { authConfig } from './config.ts';
import { confirmPassword } from './confirm-password.ts';
import { oneself } from './oneself.ts';
import { type CodeKind, takeCode, wrongCode } from './second-factor.ts';
import { clearAttempts, countOwnAttempt } from './throttle.ts';

const auth = systemActor('auth');
/** How long a proof is good for what asks again, unless the installation says otherwise. */
export const defaultStepUpMinutes = 15;

/** For what is a person's in a browser alone: a program neither has a second factor nor changes somebody's. */
export function needsSession(actor: UserActor): asserts actor is UserActor & { sessionId: string } {
  if (actor.sessionId === null) throw new BerthError('forbidden', 'Do this in a browser, where you are signed in.');
}

/**
 * Refuses what must be asked again when the session's last proof is too old: `step_up_required`, answered by {@link prove}, after which
 * the same request goes through. Bearer tokens pass.
 */
export function refuseStaleProof(actor: UserActor, name: RouteName): void {
  if (actor.sessionId === null || !stepUp.has(name)) return;
  const minutes = authConfig().stepUpMinutes ?? defaultStepUpMinutes;
  if (actor.provedAt !== undefined && Date.now() - actor.provedAt.getTime() < minutes * 60_000) return;
  throw new BerthError('step_up_required', 'It has been a while since you signed in: show again that it is you.', {
    remedy: 'Send your password, or a code, to POST /api/v1/me/proof and ask again.',
  });
}

/** Shows again who one is, by password or code. Guesses are counted with those at the sign-in. */
export async function prove(actor: UserActor, { password, code }: z.output<typeof Prove>): Promise<void> {
  needsSession(actor);
  if (password !== undefined) {
    await confirmPassword(actor, password, 'password');
    return await asActor(auth, (tx) => markProved(tx, actor));
  }
  await showCode(actor, code ?? '', async (tx, by) => {
    await markProved(tx, actor);
    if (by === 'authenticator') return;
    await writeAudit(tx, actor, { ...oneself(actor, 'session.prove'), detail: { by } });
  });
}

/**
 * Takes a code of the actor's, which is good once; `then` is done with it or not at all. Guesses are counted with those at the sign-in. Throws
 * `invalid` about `code`, `rate_limited`.
 */
export async function showCode(
  actor: UserActor,
  code: string,
  then?: (tx: Tx, by: CodeKind) => Promise<void>,
): Promise<void> {
  const counted = await countOwnAttempt(actor);
  await asActor(auth, async (tx) => {
    const by = await takeCode(tx, { ...actor, id: actor.userId }, code);
    if (by === undefined) throw wrongCode();
    await then?.(tx, by);
  });
  await clearAttempts(counted);
}

/** The actor's session counts as proved from now on. */
export async function markProved(tx: Tx, actor: UserActor): Promise<void> {
  if (actor.sessionId === null) return;
  await tx.update(sessions).set({ provedAt: sql`now()` }).where(eq(sessions.id, actor.sessionId));
}
