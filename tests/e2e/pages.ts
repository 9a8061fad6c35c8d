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

/** And those of a container. */
export const tabs = {
  tenant: ['', '/backups', '/files', '/console', '/activity', '/network', '/settings', '/fix'],
  admin: ['', '/backups', '/activity', '/network'],
};
