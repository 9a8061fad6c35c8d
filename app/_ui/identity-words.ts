import type { Role } from '#lib/contract/roles.ts';
import type { Text } from '#lib/language/text.ts';

/** What connecting came to. */
export const connectWords: Record<string, Text> = {
  refused: 'It was not connected: the provider’s answer did not fit, or came into another session.',
  beyond: 'It was not connected: you belong, or have a role, where this provider has nothing to say.',
  taken:
    'It was not connected: whoever signed in there is connected with another account, or you are with somebody else.',
};

/** Roles that a group can stand for, by who sets the provider up: those that they can give by hand. */
export const rolesToMap: Record<'installation' | 'reseller', readonly Role[]> = {
  installation: [
    ...(['provider-admin', 'host-operator', 'support', 'auditor'] as const),
    ...(['tenant-backup', 'tenant-viewer', 'tenant-billing'] as const),
  ],
  reseller: ['reseller-owner', 'reseller-staff', 'tenant-backup', 'tenant-viewer', 'tenant-billing'],
};
