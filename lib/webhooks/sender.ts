import { logError } from '../http/log.ts';
import { type Claimed, claimDue, type Known } from './claim.ts';
import type { Door } from './door.ts';
import { attempt } from './send.ts';

/** Attempts that are under way at once, in all and at one webhook. */
const allAtOnce = 100;
const eachAtOnce = 3;
/** Of so many webhooks is remembered when it was their turn; one that is forgotten is taken for new, and comes first once. */
const mostKnown = 10_000;

/**
 * Makes the attempts that are due. At least once, with the same id each time: an attempt whose outcome was not written down is made again.
 * Several may work at the same time, in several processes.
 */
export class Sender {
  readonly #door: Door;
  readonly #known = new Map<string, Known>();
  readonly #underWay = new Set<Promise<boolean>>();
  #turns = 0;

  constructor(door: Door) {
    this.#door = door;
  }

  /**
   * Begins what is due and what there is room for, and does not wait for it: who is slow to answer takes their own places alone. Gives the
   * attempts that were begun; they say whether they delivered, and never reject.
   */
  async begin(): Promise<{ attempts: Promise<boolean>[] }> {
    const room = allAtOnce - this.#underWay.size;
    const claimed = room <= 0 ? [] : await claimDue(room, eachAtOnce, [...this.#known.values()]);
    return { attempts: claimed.map((one) => this.#make(one)) };
  }

  /** Ends when nothing is under way any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  #make(claimed: Claimed): Promise<boolean> {
    const { webhookId } = claimed;
    this.#turns += 1;
    const known = this.#known.get(webhookId) ?? { webhookId, busy: 0, turn: 0 };
    // At the end, so that the first are those whose turn is the longest ago.
    this.#known.delete(webhookId);
    this.#known.set(webhookId, { ...known, busy: known.busy + 1, turn: this.#turns });
    this.#forget();
    const made = attempt(claimed, this.#door)
      .catch((error: unknown) => {
        logError('webhooks', webhookId, error);
        return false;
      })
      .finally(() => {
        this.#underWay.delete(made);
        const now = this.#known.get(webhookId);
        if (now !== undefined) this.#known.set(webhookId, { ...now, busy: now.busy - 1 });
      });
    this.#underWay.add(made);
    return made;
  }

  #forget(): void {
    for (const { webhookId, busy } of this.#known.values()) {
      if (this.#known.size <= mostKnown) return;
      if (busy === 0) this.#known.delete(webhookId);
    }
  }
}
