import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * Binds a grant to arguments: SHA-256 (hexadecimal) of the canonical JSON (RFC 8785) of the value, so that key order and
 * spacing cannot tell two sides apart. Node only: the one file of the contract a browser may not import.
 */
export function argsHash(value: unknown): string {
  return createHash('sha256')
    .update(canonicalize(value) ?? 'null')
    .digest('hex');
}
