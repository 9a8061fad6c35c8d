import * as fs from 'node:fs';

export const pieceBytes = 256 * 1024;
const mostLineBytes = 4 * 1024 * 1024;

let pending = Buffer.alloc(0);

/** Standard input: lines first, then content. A read of no bytes is the end. */
export const input = {
  line(): string {
    for (;;) {
      const end = pending.indexOf(10);
      if (end !== -1) {
        const line = pending.subarray(0, end).toString();
        pending = pending.subarray(end + 1);
        return line;
      }
      if (pending.length > mostLineBytes) throw new Error('the line is too long');
      const piece = Buffer.alloc(64 * 1024);
      const bytes = fs.readSync(0, piece);
      if (bytes === 0) throw new Error('no order came');
      pending = Buffer.concat([pending, piece.subarray(0, bytes)]);
    }
  },
  /** Exactly as many bytes as there is room for; it is an error if they do not come. */
  full(room: Buffer): Buffer {
    let at = pending.copy(room);
    pending = pending.subarray(at);
    while (at < room.length) {
      const bytes = fs.readSync(0, room, at, room.length - at, null);
      if (bytes === 0) throw new Error('the content was cut off');
      at += bytes;
    }
    return room;
  },
  /** The next bytes; empty at the end. */
  next(piece: Buffer): Buffer {
    if (pending.length > 0) {
      const taken = pending;
      pending = Buffer.alloc(0);
      return taken;
    }
    return piece.subarray(0, fs.readSync(0, piece));
  },
};

/** Standard output. `begun`: an answer's line is out. */
export const output = {
  begun: false,
  bytes(chunk: Buffer): void {
    for (let at = 0; at < chunk.length; ) at += fs.writeSync(1, chunk, at);
  },
  text(text: string): void {
    output.bytes(Buffer.from(text));
  },
  line(value: unknown): void {
    output.text(`${JSON.stringify(value)}\n`);
    output.begun = true;
  },
};
