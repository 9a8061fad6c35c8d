import type { UserActor } from '../access/actor.ts';
import { watchActor } from '../auth/watch.ts';
import { BerthError } from '../contract/errors.ts';
import { requestWith } from './request-with.ts';

/** What takes no longer than this was let in a moment ago. */
const momentMs = 500;

/**
 * Sends or takes many bytes for as long as whoever asks may: within 2 s of a sign-out, a revocation, a removal or a lost right the transfer is
 * cut off, in both directions, and `work`'s request is aborted. Throws `unauthenticated` or `forbidden` where nothing has been answered yet.
 */
export async function whileAllowed<T>(
  actor: UserActor,
  request: Request,
  work: (request: Request) => Promise<T>,
): Promise<T | Response> {
  const gone = new AbortController();
  let stop = () => {};
  const timer = setTimeout(() => {
    stop = watchActor(actor, (code) => gone.abort(new BerthError(code)));
  }, momentMs).unref();
  const done = () => {
    clearTimeout(timer);
    stop();
  };
  try {
    const signal = AbortSignal.any([request.signal, gone.signal]);
    const result = await work(requestWith(request, { signal }));
    if (!(result instanceof Response) || result.body === null) {
      done();
      return result;
    }
    const { readable, writable } = new TransformStream();
    // Whoever takes it no longer ends it as well.
    void result.body
      .pipeTo(writable, { signal: gone.signal })
      .catch(() => undefined)
      .finally(done);
    return new Response(readable, result);
  } catch (cause) {
    done();
    throw gone.signal.aborted ? gone.signal.reason : cause;
  }
}
