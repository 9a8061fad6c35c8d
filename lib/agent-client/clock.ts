/**
 * The agent's clock as seen from here. Grants expire in the agent's time, because the clocks of portal and hosts need
 * not agree; every answer of an agent carries its time and moves this.
 */
export class AgentClock {
  #offsetMs: number | null = null;

  get known(): boolean {
    return this.#offsetMs !== null;
  }

  /** Takes note of a `berth-time` header; nonsense is ignored. */
  learn(header: string | undefined, sentAtMs: number, receivedAtMs: number): void {
    if (header === undefined) return;
    const theirs = Date.parse(header);
    if (Number.isNaN(theirs)) return;
    this.#offsetMs = theirs - (sentAtMs + receivedAtMs) / 2;
  }

  forget(): void {
    this.#offsetMs = null;
  }

  /** Whole seconds since 1970 by the agent's clock; our own as long as the agent has not spoken. */
  nowSeconds(): number {
    return Math.floor((Date.now() + (this.#offsetMs ?? 0)) / 1000);
  }
}
