import { networkInterfaces } from 'node:os';
import { isAddress, isIn } from '#lib/contract/addresses.ts';

const here = ['0.0.0.0/8', '127.0.0.0/8', '::/128', '::1/128'];

/** Whether the address is one of this host's own, public or not: the agent itself listens there. */
export function isOwnAddress(address: string): boolean {
  if (!isAddress(address)) return false;
  if (isIn(here, address)) return true;
  return Object.values(networkInterfaces()).some((of) => of?.some((one) => one.address === address));
}
