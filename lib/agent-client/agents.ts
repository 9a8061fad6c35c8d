import type { GrantSigner } from '#lib/grants/sign.ts';
import { type AgentAddress, AgentConnection, type ClientIdentity } from './connection.ts';

/** The connections of this process to all hosts, made at first use and kept. */
export class Agents {
  readonly signer: GrantSigner;
  #identity: ClientIdentity;
  readonly #connections = new Map<string, AgentConnection>();

  constructor(identity: ClientIdentity, signer: GrantSigner) {
    this.#identity = identity;
    this.signer = signer;
  }

  /** The connection to a host. A changed address makes a new one. */
  to(target: AgentAddress): AgentConnection {
    const known = this.#connections.get(target.hostId);
    if (known !== undefined && known.address === new URL(target.address).href) return known;
    known?.close();
    const made = new AgentConnection(target, this.#identity);
    this.#connections.set(target.hostId, made);
    return made;
  }

  /** The certificate (PEM) of the authority that hosts and services are checked against. */
  get authority(): string {
    return this.#identity.ca;
  }

  /** Another identity for connections from now on; what runs on the present ones ends on them. */
  renew(identity: ClientIdentity): void {
    this.#identity = identity;
    for (const connection of this.#connections.values()) connection.retire();
    this.#connections.clear();
  }

  close(): void {
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }
}
