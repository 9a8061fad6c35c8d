/** The last bytes of a terminal's output, for whoever attaches later. */
export class Scrollback {
  readonly #limitBytes: number;
  #chunks: Buffer[] = [];
  #bytes = 0;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(Buffer.from(chunk));
    this.#bytes += chunk.length;
    while (this.#bytes > this.#limitBytes) {
      const first = this.#chunks[0];
      if (first === undefined) return;
      const surplus = this.#bytes - this.#limitBytes;
      if (first.length <= surplus) this.#chunks.shift();
      else this.#chunks[0] = first.subarray(surplus);
      this.#bytes -= Math.min(first.length, surplus);
    }
  }

  /** All of it; a start in the middle of a UTF-8 character is left out. */
  content(): Buffer {
    const all = Buffer.concat(this.#chunks);
    let start = 0;
    while (start < 3 && start < all.length && ((all[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return this.#bytes < this.#limitBytes ? all : all.subarray(start);
  }
}
