import type { UserActor } from '#lib/access/actor.ts';
import { authorize, ofContainer } from '#lib/access/authorize.ts';
import { watchActor } from '#lib/auth/watch.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { asActor } from '#lib/db/client.ts';
import { containerFacts } from './facts.ts';

const checkEveryMs = 1000;

/**
 * Throws when who is inside of a container may not stay: it is gone, not theirs any more, or a hold was put on it. A busy moment or a host that
 * is silent for a while ends nothing. (The person behind it: lib/auth/watch.ts.)
 */
export async function mayStayInside(actor: UserActor, containerId: string, permission: Permission): Promise<void> {
  await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, containerId, { lock: false });
    if (facts === undefined || facts.container.deletedAt !== null) throw new BerthError('not_found');
    authorize(actor, permission, ofContainer(facts.container));
    if (facts.holds.length > 0) throw new BerthError('held');
  });
}

/**
 * Calls `end` once, within 2 s, with the reason why the actor may not be inside any longer: they are signed out or lost a right, or see
 * {@link mayStayInside}. Returns what stops the watching.
 */
export function watchInside(
  actor: UserActor,
  containerId: string,
  permission: Permission,
  end: (why: BerthError) => void,
): () => void {
  let over = false;
  const stop = () => {
    over = true;
    clearInterval(timer);
    stopWatching();
  };
  const leave = (why: BerthError) => {
    if (over) return;
    stop();
    end(why);
  };
  const check = () =>
    mayStayInside(actor, containerId, permission).catch((error: unknown) => {
      // A database that is away decides nothing here; the watcher ends blind streams.
      if (error instanceof BerthError) leave(error);
    });
  const timer = setInterval(() => void check(), checkEveryMs).unref();
  const stopWatching = watchActor(actor, (code) => leave(new BerthError(code)));
  return stop;
}

/**
 * Does what takes its time inside a container for as long as the actor may be there. Whoever may not any longer is told why; what had been done
 * by then is done.
 */
export async function whileInside<T>(
  actor: UserActor,
  containerId: string,
  permission: Permission,
  work: (ended: AbortSignal) => Promise<T>,
): Promise<T> {
  const ended = new AbortController();
  let why: BerthError | undefined;
  const stop = watchInside(actor, containerId, permission, (reason) => {
    why = reason;
    ended.abort();
  });
  try {
    return await work(ended.signal);
  } catch (cause) {
    if (why === undefined) throw cause;
    throw new BerthError(why.code, 'It was ended before it was through; what it had done is done.', {
      begun: true,
      cause,
    });
  } finally {
    stop();
  }
}
