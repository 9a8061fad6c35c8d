/** Every page there is, by who meets it. */
export const pages = {
  tenant: [
    'containers',
    'backups',
    'activity',
    'help',
    'audit',
    'team',
    'team/roles',
    'offers',
    'account',
    'account/webhooks',
    'account/security',
    'device',
  ],
  admin: [
    'admin',
    ...[
      'containers',
      'operations',
      'hosts',
      'tickets',
      'outages',
      'tenants',
      'team',
      'roles',
      'who',
      'resellers',
      'plans',
      'locations',
      'security',
      'templates',
      'audit',
    ].map((name) => `admin/${name}`),
    'account',
  ],
};
/** A reseller's own; the others they share with the provider. */
export const resellerPages = [
  'reseller',
  'reseller/brand',
  'reseller/services',
  'reseller/team',
  'reseller/team/roles',
  'admin/containers',
  'admin/plans',
  'admin/tenants',
  'admin/tickets',
];

/** And those of a container. */
export const tabs = {
  tenant: ['', '/backups', '/files', '/files/changes', '/console', '/activity', '/network', '/settings', '/fix'],
  admin: ['', '/backups', '/activity', '/network'],
};

/** Pages that need something before them, or a visitor who is not signed in, and which file looks at each. */
export const lookedAtElsewhere: Readonly<Record<string, string>> = {
  'sign-in': '4-pages.spec.ts',
  'sign-in/link': '4-pages.spec.ts',
  forgot: '4-pages.spec.ts',
  reset: '4-pages.spec.ts',
  invitation: '4-pages.spec.ts',
  proved: '4-pages.spec.ts',
  reference: '4-pages.spec.ts',
  'help/[id]': '4-pages.spec.ts',
  'admin/tickets/[id]': '4-pages.spec.ts',
  'backups/locations': '5-locations.spec.ts',
  'containers/[id]/backups/[backupId]': '6-backups.spec.ts',
  'containers/[id]/backups/[backupId]/compare': '6-backups.spec.ts',
  'admin/tenants/[id]': '8-rights.deep.spec.ts',
};

/** Driven in a browser, but without a look by axe. */
export const onlyDriven: Readonly<Record<string, string>> = {
  'second-factor': '../integration/portal/passkeys.deep.test.ts',
};
