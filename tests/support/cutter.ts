import { connect, createServer, type Server, type Socket } from 'node:net';

/** Where to cut: the connection whose request body carries the text cannot be told under TLS, so cuts go by what passes. */
export type Cut = {
  /** `up`: towards the agent. */
  direction: 'up' | 'down';
  /** After so many bytes have passed in this direction, counted over all connections since {@link Cutter.arm}. */
  afterBytes: number;
};

/**
 * A TCP proxy in front of an agent that drops a connection after a given number of bytes: what is beyond them is lost, in
 * both directions, without a goodbye.
 */
export class Cutter {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Lines that are held up, and what waits in them. */
  readonly #held = new Map<Socket, { to: Socket; bytes: Buffer[] }>();
  #holdFromBytes = Number.POSITIVE_INFINITY;
  #target: number;
  #cut: Cut | undefined;
  /** Bytes that have passed since {@link arm}. */
  passed = { up: 0, down: 0 };
  /** Sizes of the pieces that passed, in order: messages, as far as anybody outside can see. */
  pieces: { direction: 'up' | 'down'; bytes: number }[] = [];
  /** How often it has cut. */
  cuts = 0;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createServer((socket) => this.#join(socket));
  }

  static async start(targetPort: number): Promise<Cutter> {
    const cutter = new Cutter(targetPort);
    await new Promise<void>((resolve) => cutter.#server.listen(0, '127.0.0.1', resolve));
    return cutter;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  set target(port: number) {
    this.#target = port;
  }

  /** Begins to count anew, and cuts once where told. */
  arm(cut?: Cut): void {
    this.passed = { up: 0, down: 0 };
    this.pieces = [];
    this.#cut = cut;
  }

  /**
   * From now on a line on which somebody sends a message towards the agent that is larger than any so far is held up: neither
   * that message nor what follows arrives.
   */
  holdLarger(): void {
    const sizes = this.pieces.filter(({ direction }) => direction === 'up').map(({ bytes }) => bytes);
    this.#holdFromBytes = Math.max(...sizes) + 30;
  }

  /** How many lines are held up. */
  get held(): number {
    return this.#held.size;
  }

  /** No further line is held up; those that are stay so. */
  holdNoMore(): void {
    this.#holdFromBytes = Number.POSITIVE_INFINITY;
  }

  /** What was held up arrives after all. */
  release(): void {
    for (const [line, { to, bytes }] of this.#held) {
      this.#held.delete(line);
      to.write(Buffer.concat(bytes));
    }
  }

  /** Drops every connection, as a network does. */
  dropAll(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  async stop(): Promise<void> {
    this.dropAll();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket): void {
    const agent = connect(this.#target, '127.0.0.1');
    const both = [client, agent];
    const drop = () => {
      for (const socket of both) socket.resetAndDestroy();
    };
    for (const socket of both) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', drop);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        for (const other of both) other.destroy();
      });
    }
    client.on('data', (bytes) => {
      if (bytes.length >= this.#holdFromBytes && !this.#held.has(client)) {
        this.#held.set(client, { to: agent, bytes: [] });
      }
      const held = this.#held.get(client);
      if (held === undefined) this.#pass('up', bytes, agent, drop);
      else held.bytes.push(bytes);
    });
    agent.on('data', (bytes) => this.#pass('down', bytes, client, drop));
  }

  #pass(direction: 'up' | 'down', bytes: Buffer, to: Socket, drop: () => void): void {
    const cut = this.#cut;
    const left = cut?.direction === direction ? cut.afterBytes - this.passed[direction] : Number.POSITIVE_INFINITY;
    this.passed[direction] += bytes.length;
    this.pieces.push({ direction, bytes: bytes.length });
    if (bytes.length < left) {
      to.write(bytes);
      return;
    }
    this.#cut = undefined;
    this.cuts += 1;
    // What belongs before the cut still arrives; only then the line is dead.
    to.write(bytes.subarray(0, left), drop);
  }
}
