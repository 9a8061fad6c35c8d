import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { remove, writeControl, writeOnce } from '../sys/files.ts';

const forwardingSwitch = '/proc/sys/net/ipv4/ip_forward';
/**
 * Present while the switch is on because of us: from when the first instance turned it on until the last one is torn down. The
 * machine's, as the switch is, and like it gone after a reboot.
 */
const forwardingBefore = '/run/berth-ip-forward-before';

/** Whether this machine routes packets between its interfaces. */
export const isForwarding = () => readFileSync(forwardingSwitch, 'utf8').trim() === '1';

/** Containers' packets are routed, and the switch for that is the host's (replies come in by other interfaces). */
export function turnForwardingOn(): void {
  if (isForwarding()) return;
  writeOnce('NETWORK:REMEMBER-FORWARDING', forwardingBefore, '0');
  writeControl('NETWORK:FORWARDING', forwardingSwitch, '1');
}

/** As it was before us, once no instance's bridge is left on this machine. */
export function turnForwardingBack(): void {
  const others = () => readdirSync('/sys/class/net').some((name) => name.startsWith('berth-'));
  if (others() || !existsSync(forwardingBefore)) return;
  writeControl('NETWORK:FORWARDING', forwardingSwitch, '0');
  remove('NETWORK:FORGET-FORWARDING', forwardingBefore);
  // Another instance that came up at this very moment found the switch still on.
  if (others()) turnForwardingOn();
}
