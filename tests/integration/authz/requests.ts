import type { RouteName } from '#lib/contract/routes.ts';
import { goneName, matrixPassword, type Objects } from './objects.ts';

export type Made = {
  params?: Record<string, string>;
  query?: string;
  body?: unknown;
  bytes?: string | Buffer<ArrayBuffer>;
};
/** Room for all that the matrix makes. */
const someQuota = {
  ...{ maxContainers: 100, cpuCores: 100, memoryBytes: 2 ** 40, diskBytes: 2 ** 44, backupBytes: null },
  ...{ hostIds: null, templateIds: null },
};

const someBrand = {
  ...{ productName: 'Acme', supportUrl: null, legalUrl: null, signInText: '', colours: null, sender: null, mails: {} },
};
const someIdentity = { name: 'Corporate', clientId: 'panel', clientSecret: 'secret' };
const onePixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGMQUDD4DwACBAFgjby7cQAAAABJRU5ErkJggg==',
  'base64',
);

/** Routes that decide by something else than a role: a session of one's own, a password, a token in the body. */
export const exempt = {
  'session.create': 'by password; tests/integration/portal/web.test.ts',
  'session.delete': 'ends the own session only; tests/integration/portal/web.test.ts',
  'me.setLanguage': 'oneself; what one reads',
  'me.password': 'oneself; needs a session and the present password',
  'me.sessions.revoke': 'oneself; tests/integration/portal/accounts.test.ts',
  'invitations.accept': 'by the token from a mail; tests/integration/people/members.test.ts',
  'password.requestReset': 'public; always answers the same',
  'password.redeemReset': 'by the token from a mail; tests/integration/portal/accounts.test.ts',
  'device.start': 'public; gives nothing but a code; tests/integration/portal/device.test.ts',
  'device.poll': 'by the program’s secret; tests/integration/portal/device.test.ts',
  'device.decide': 'oneself; needs a session; tests/integration/portal/device.test.ts',
  'brands.ask': 'public; names that anybody can look up; tests/integration/brands/brands.test.ts',
  'brands.asset': 'public; what every visitor of a name sees; tests/integration/brands/brands.test.ts',
  'me.factor.start': 'oneself; needs a session; tests/integration/portal/factor.test.ts',
  'me.factor.confirm': 'oneself; needs a session; tests/integration/portal/factor.test.ts',
  'me.factor.renewCodes': 'oneself; needs a session and a code; tests/integration/portal/factor.test.ts',
  'me.factor.turnOff': 'oneself; needs a session, password and code; tests/integration/portal/factor.test.ts',
  'me.passkeys.options': 'oneself; needs a session; tests/integration/portal/passkeys.deep.test.ts',
  'me.passkeys.add': 'oneself; needs a session; tests/integration/portal/passkeys.deep.test.ts',
  'me.passkeys.remove': 'oneself; needs a session and the password; tests/integration/portal/passkeys.deep.test.ts',
  'session.passkeyOptions': 'public; a challenge says nothing of anybody',
  'session.passkey': 'by a passkey; tests/integration/portal/passkeys.deep.test.ts',
  'session.providers': 'public; names on buttons that every visitor of a name sees',
  'session.provider': 'public; leads away and opens nothing; tests/integration/people/identity.test.ts',
  'session.providerAnswer': 'by a provider’s word; tests/integration/people/identity.test.ts',
  'session.providerCode': 'by a provider’s word and a code; tests/integration/people/identity.test.ts',
  'session.providerLogout': 'by a token that the provider has signed; tests/integration/people/identity.test.ts',
  'me.identities.begin': 'oneself; needs a session; tests/integration/people/identity.test.ts',
  'me.identities.remove': 'oneself; needs a session; tests/integration/people/identity.test.ts',
  'me.proveBy': 'oneself; needs a session; tests/integration/people/identity.test.ts',
  'identityProviders.try': 'needs a session; tests/integration/people/identity.test.ts',
  'me.prove': 'oneself; needs a session, and password or code; tests/integration/portal/factor.test.ts',
  'hosts.enroll': 'by a single-use token',
  'openapi.get': 'public; says nothing of anybody',
} as const satisfies Partial<Record<RouteName, string>>;

type Checked = Exclude<RouteName, keyof typeof exempt>;

/**
 * A request for every route that would work on these objects. `about`: the object decides; else the answer depends on the
 * role alone. `tenantWide`: a role over less than a tenant is not enough. `only`: it is one person's own. `crosses`: allowed, it
 * changes the other tenant too. `looks`: it changes nothing, whatever its method says. A route of the contract that is neither here
 * nor exempt does not compile.
 */
export const requests = {
  'brands.get': { about: true, make: (o) => ({ params: { id: o.reseller } }) },
  'brands.set': { about: true, make: (o) => ({ params: { id: o.reseller }, body: someBrand }) },
  'brands.setAsset': { about: true, make: (o) => ({ params: { id: o.reseller, asset: 'light' }, bytes: onePixel }) },
  'brands.removeAsset': { about: true, make: (o) => ({ params: { id: o.reseller, asset: 'light' } }) },
  'brands.addHost': { about: true, make: (o) => ({ params: { id: o.reseller }, body: { host: 'x.example.test' } }) },
  'brands.proveHost': { about: true, make: (o) => ({ params: { id: o.reseller, hostId: o.brandHost }, body: {} }) },
  'brands.dropHost': { about: true, make: (o) => ({ params: { id: o.reseller, hostId: o.brandHost } }) },
  'brands.addDkim': { about: true, make: (o) => ({ params: { id: o.reseller }, body: {} }) },
  'brands.proveDkim': { about: true, make: (o) => ({ params: { id: o.reseller, keyId: o.dkimKey }, body: {} }) },
  'brands.dropDkim': { about: true, make: (o) => ({ params: { id: o.reseller, keyId: o.dkimKey } }) },
  'brands.previewMail': {
    about: true,
    looks: true,
    make: (o) => ({
      params: { id: o.reseller },
      body: { kind: 'password-changed', template: { subject: 'Hello', body: 'Hello {{name}}' } },
    }),
  },
  'containers.list': { about: false, make: () => ({}) },
  'containers.create': {
    about: true,
    make: (o) => ({ body: { name: 'fresh', tenantId: o.tenantId, planId: o.plan, templateId: o.template } }),
  },
  'containers.get': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'containers.delete': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'containers.export': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'exports.content': { about: true, host: true, make: (o) => ({ params: { id: o.exported } }) },
  'imports.start': {
    about: true,
    tenantWide: true,
    make: (o) => ({ body: { tenantId: o.tenantId, planId: o.plan, sizeBytes: 1024 } }),
  },
  'imports.get': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.upload } }) },
  'imports.write': {
    about: true,
    host: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.upload }, query: 'offset=0' }),
  },
  'containers.import': {
    about: true,
    tenantWide: true,
    make: (o) => ({ body: { importId: o.uploaded, name: 'imported' } }),
  },
  'containers.undelete': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.deleted }, body: {} }) },
  'containers.start': { about: true, make: (o) => ({ params: { id: o.stopped }, body: {} }) },
  'containers.stop': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'containers.restart': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'containers.kill': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'containers.reinstall': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'handovers.offer': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.stopped }, body: { to: { email: 'somebody@example.test' } } }),
  },
  'handovers.list': { about: false, make: () => ({}) },
  'handovers.get': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.offered } }) },
  'handovers.agree': {
    about: true,
    tenantWide: true,
    crosses: true,
    make: (o) => ({ params: { id: o.asked }, body: {} }),
  },
  'handovers.accept': {
    about: true,
    tenantWide: true,
    crosses: true,
    make: (o) => ({ params: { id: o.received }, body: { name: 'taken-over' } }),
  },
  'handovers.decline': {
    about: true,
    tenantWide: true,
    crosses: true,
    make: (o) => ({ params: { id: o.received }, body: {} }),
  },
  'handovers.withdraw': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.offered }, body: {} }),
  },
  'containers.clone': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.running }, body: { name: 'copy' } }),
  },
  'containers.repair': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'containers.repairFinish': { about: true, make: (o) => ({ params: { id: o.repaired }, body: {} }) },
  'containers.repairExtend': { about: true, make: (o) => ({ params: { id: o.repaired }, body: {} }) },
  'containers.access': { about: true, make: (o) => ({ params: { id: o.running }, body: { hostname: 'other' } }) },
  'containers.configure': { about: true, make: (o) => ({ params: { id: o.running }, body: { planId: o.plan } }) },
  'containers.restartPolicy': {
    about: true,
    make: (o) => ({ params: { id: o.running }, body: { restartPolicy: 'never' } }),
  },
  'containers.labels': { about: true, make: (o) => ({ params: { id: o.running }, body: { labels: ['blue'] } }) },
  'containers.changeLabels': { about: true, make: (o) => ({ params: { id: o.running }, body: { add: ['blue'] } }) },
  'labels.list': { about: false, make: () => ({}) },
  'containers.exec': { about: true, host: true, make: (o) => ({ params: { id: o.running }, body: { argv: ['id'] } }) },
  'containers.log': { about: true, host: true, make: (o) => ({ params: { id: o.running } }) },
  'files.list': { about: true, host: true, make: (o) => ({ params: { id: o.running } }) },
  'files.change': {
    about: true,
    host: true,
    make: (o) => ({ params: { id: o.running }, body: { action: 'create-folder', path: 'L3RtcC94' } }),
  },
  'files.trash': { about: true, host: true, make: (o) => ({ params: { id: o.running } }) },
  'files.read': {
    about: true,
    host: true,
    make: (o) => ({ params: { id: o.running }, query: 'path=L2V0Yy9wYXNzd2Q=' }),
  },
  'files.write': { about: true, host: true, make: (o) => ({ params: { id: o.running }, query: 'path=L3RtcC94' }) },
  'files.delete': { about: true, host: true, make: (o) => ({ params: { id: o.running }, query: 'path=L3RtcC94' }) },
  'containers.changes': { about: true, host: true, make: (o) => ({ params: { id: o.running } }) },
  'containers.recover': {
    about: true,
    make: (o) => ({ params: { id: o.running }, body: { allSystemFiles: true } }),
  },
  'forwards.list': { about: true, make: (o) => ({ params: { id: o.forwarded } }) },
  'forwards.create': { about: true, make: (o) => ({ params: { id: o.running }, body: { containerPort: 22 } }) },
  'forwards.delete': { about: true, make: (o) => ({ params: { id: o.forwarded, forwardId: o.forward } }) },
  'backups.list': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'backups.listAll': { about: false, make: () => ({}) },
  'backups.create': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'backups.get': { about: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.edit': { about: true, make: (o) => ({ params: { id: o.backup }, body: { name: 'kept' } }) },
  'backups.recover': { about: true, make: (o) => ({ params: { id: o.removed }, body: {} }) },
  'backups.purge': { about: true, make: (o) => ({ params: { id: o.removed }, body: { password: matrixPassword } }) },
  'backups.check': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'backups.checkNow': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'backups.test': { about: true, make: (o) => ({ params: { id: o.backup }, body: {} }) },
  'backups.testReport': { about: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.commands': { about: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.care': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'backups.setCare': { about: true, make: (o) => ({ params: { id: o.running }, body: { testEvery: 'week' } }) },
  'backups.settings': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'backups.setSettings': { about: true, make: (o) => ({ params: { id: o.running }, body: { atLimit: 'rotate' } }) },
  'backups.schedule': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'backups.setSchedule': {
    about: true,
    make: (o) => ({
      params: { id: o.running },
      body: { enabled: true, every: 'day', time: '03:00', zone: 'UTC', keep: { daily: 7 } },
    }),
  },
  'backups.delete': { about: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.restore': { about: true, make: (o) => ({ params: { id: o.backup }, body: {} }) },
  'backups.consents': { about: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.consent': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.backup }, body: { containerId: o.foreign } }),
  },
  'backups.revokeConsent': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.consent } }) },
  'backups.restoreInto': {
    about: true,
    crosses: true,
    make: (o) => ({ params: { id: o.backup }, body: { containerId: o.foreign } }),
  },
  'backups.previewRestore': {
    about: true,
    host: true,
    looks: true,
    make: (o) => ({ params: { id: o.backup }, body: {} }),
  },
  'backups.files': { about: true, host: true, make: (o) => ({ params: { id: o.backup } }) },
  'backups.readFile': {
    about: true,
    host: true,
    make: (o) => ({ params: { id: o.backup }, query: 'path=L2V0Yy9wYXNzd2Q=' }),
  },
  'backups.compare': { about: true, host: true, make: (o) => ({ params: { id: o.backup } }) },
  'snapshots.list': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'snapshots.create': { about: true, make: (o) => ({ params: { id: o.running }, body: {} }) },
  'snapshots.rollback': { about: true, make: (o) => ({ params: { id: o.snapshot }, body: {} }) },
  'snapshots.delete': { about: true, make: (o) => ({ params: { id: o.snapshot } }) },
  'operations.list': { about: false, make: () => ({}) },
  'operations.get': { about: true, make: (o) => ({ params: { id: o.failed } }) },
  'operations.cancel': { about: true, make: (o) => ({ params: { id: o.cancellable }, body: {} }) },
  'operations.retry': { about: true, make: (o) => ({ params: { id: o.failed }, body: {} }) },
  'operations.undo': { about: true, make: (o) => ({ params: { id: o.undoable }, body: {} }) },
  'operations.written': { about: true, host: true, make: (o) => ({ params: { id: o.undoable } }) },
  'operations.confirm': { about: true, make: (o) => ({ params: { id: o.undoable }, body: {} }) },
  'operations.resolve': { about: true, make: (o) => ({ params: { id: o.stuck }, body: { note: 'done' } }) },
  'templates.list': { about: false, make: () => ({}) },
  'templates.get': { about: false, make: (o) => ({ params: { id: o.template } }) },
  'templates.build': { about: false, make: (o) => ({ body: { name: 'tiny', hostId: o.host } }) },
  'plans.list': { about: false, make: () => ({}) },
  'plans.create': {
    about: false,
    make: () => ({
      body: {
        name: 'Fresh',
        resources: { cpuCores: 1, memoryBytes: 2 ** 28, pids: 100, diskBytes: 2 ** 30, inodes: 10_000 },
      },
    }),
  },
  'plans.location': { about: false, make: (o) => ({ params: { id: o.plan }, body: { locationId: null } }) },
  'locations.list': { about: false, make: () => ({}) },
  'locations.create': {
    about: false,
    tenantWide: true,
    make: () => ({ body: { kind: 'rest', name: 'Fresh', url: 'https://backups.example.test/berth' } }),
  },
  // Whose: tests/integration/portal/conditions.test.ts; some of those it shows them to have no right over all of the account.
  'locations.get': { about: false, make: (o) => ({ params: { id: o.location } }) },
  'locations.change': { about: true, make: (o) => ({ params: { id: o.location }, body: { name: 'Other' } }) },
  'locations.remove': { about: true, make: (o) => ({ params: { id: o.location } }) },
  'containers.location': {
    about: true,
    make: (o) => ({ params: { id: o.running }, body: { locationId: o.location } }),
  },
  'plans.get': { about: false, make: (o) => ({ params: { id: o.plan } }) },
  'plans.edit': { about: true, make: (o) => ({ params: { id: o.resellerPlan }, body: { price: '5 a month' } }) },
  'resellers.list': { about: false, make: () => ({}) },
  'resellers.get': { about: true, make: (o) => ({ params: { id: o.reseller } }) },
  'resellers.create': {
    about: false,
    make: () => ({ body: { name: 'Fresh', ownerEmail: 'fresh@example.test', ownerName: 'Fresh', quota: someQuota } }),
  },
  'resellers.quota': { about: true, make: (o) => ({ params: { id: o.reseller } }) },
  'resellers.dashboard': { about: true, make: (o) => ({ params: { id: o.reseller } }) },
  'resellers.setQuota': { about: true, make: (o) => ({ params: { id: o.reseller }, body: someQuota }) },
  'resellers.offer': {
    about: true,
    make: (o) => ({ params: { id: o.reseller }, body: { templateIds: [o.template] } }),
  },
  'resellers.services': { about: true, make: (o) => ({ params: { id: o.reseller } }) },
  'billing.create': {
    about: false,
    make: (o) => ({
      body: {
        externalServiceId: 'fresh',
        client: { externalId: 'fresh', name: 'Fresh', email: 'fresh@example.test' },
        ...{ planId: o.plan, templateId: o.template },
      },
    }),
  },
  'billing.suspend': { about: true, make: (o) => ({ body: { externalServiceId: o.service } }) },
  'billing.unsuspend': { about: true, make: (o) => ({ body: { externalServiceId: o.suspended } }) },
  'billing.changePlan': {
    about: true,
    make: (o) => ({ body: { externalServiceId: o.service, planId: o.resellerPlan } }),
  },
  'billing.terminate': { about: true, make: (o) => ({ body: { externalServiceId: o.service } }) },
  'billing.renew': { about: true, make: (o) => ({ body: { externalServiceId: o.suspended } }) },
  'billing.resetPassword': {
    about: true,
    make: (o) => ({ body: { externalServiceId: o.service, rootPassword: 'of the billing program' } }),
  },
  'billing.signInLink': { about: true, make: (o) => ({ body: { externalServiceId: o.service } }) },
  'billing.usage': { about: false, looks: true, make: () => ({ body: {} }) },
  'billing.list': { about: false, looks: true, make: () => ({ body: {} }) },
  'billing.test': { about: false, looks: true, make: () => ({}) },
  'hosts.list': { about: false, make: () => ({}) },
  'hosts.get': { about: false, make: (o) => ({ params: { id: o.host } }) },
  'hosts.token': { about: false, make: () => ({ body: { name: 'host-2' } }) },
  'hosts.loss': { about: false, make: (o) => ({ params: { id: o.gone } }) },
  'hosts.lose': { about: false, make: (o) => ({ params: { id: o.gone }, body: { name: goneName(o) } }) },
  'hosts.reuse': { about: false, make: (o) => ({ params: { id: o.gone } }) },
  'orphans.list': { about: false, make: () => ({}) },
  'orphans.adopt': { about: false, make: (o) => ({ params: { id: o.orphan }, body: { planId: o.plan } }) },
  'orphans.ignore': { about: false, make: (o) => ({ params: { id: o.orphan }, body: { ignored: true } }) },
  whoami: { about: false, make: () => ({}) },
  'access.explain': { about: true, make: (o) => ({ query: `verb=container.start&container=${o.running}` }) },
  'access.who': { about: true, make: (o) => ({ query: `verb=container.start&container=${o.running}` }) },
  'roles.list': { about: false, make: () => ({}) },
  'roles.create': {
    about: false,
    tenantWide: true,
    make: () => ({ body: { title: 'Looks only', base: 'tenant-operator', permissions: ['container.read'] } }),
  },
  'roles.get': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.role } }) },
  'roles.change': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.role }, body: { title: 'Other' } }),
  },
  'roles.delete': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.role } }) },
  'me.get': { about: false, make: () => ({}) },
  'me.factor.get': { about: false, make: () => ({}) },
  'people.resetFactor': { about: false, make: (o) => ({ params: { id: o.member } }) },
  'tenants.security': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.tenantId } }) },
  'tenants.setSecurity': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.tenantId }, body: { requireFactor: false } }),
  },
  'security.get': { about: false, make: () => ({}) },
  'security.set': { about: false, make: () => ({ body: { factorRoles: [] } }) },
  'me.identities.list': { about: false, make: () => ({}) },
  'identityProviders.list': { about: true, make: (o) => ({ query: `resellerId=${o.reseller}` }) },
  'identityProviders.create': {
    about: true,
    make: (o) => ({ body: { resellerId: o.reseller, issuer: 'https://id.example.test', ...someIdentity } }),
  },
  'identityProviders.get': { about: true, make: (o) => ({ params: { id: o.identityProvider } }) },
  'identityProviders.set': {
    about: true,
    make: (o) => ({ params: { id: o.identityProvider }, body: someIdentity }),
  },
  'identityProviders.remove': { about: true, make: (o) => ({ params: { id: o.identityProvider } }) },
  'me.sessions.revokeAll': { about: false, make: () => ({}) },
  'members.list': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.tenantId } }) },
  'members.get': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.tenantId, memberId: o.member } }),
  },
  'members.add': {
    about: true,
    tenantWide: true,
    make: (o) => ({
      params: { id: o.tenantId },
      body: { kind: 'person', email: 'invited@example.test', roles: [{ role: 'tenant-viewer' }] },
    }),
  },
  'members.change': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.tenantId, memberId: o.member }, body: { roles: [{ role: 'tenant-billing' }] } }),
  },
  'members.remove': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.tenantId, memberId: o.member } }),
  },
  'members.resend': {
    about: true,
    tenantWide: true,
    make: (o) => ({ params: { id: o.tenantId, memberId: o.invitation }, body: {} }),
  },
  'holds.list': { about: true, make: (o) => ({ params: { id: o.running } }) },
  'holds.place': { about: true, make: (o) => ({ params: { id: o.running }, body: { reason: 'billing' } }) },
  'holds.lift': { about: true, make: (o) => ({ params: { id: o.held }, query: 'reason=billing' }) },
  'tenantHolds.list': { about: true, tenantWide: true, make: (o) => ({ params: { id: o.tenantId } }) },
  'tenantHolds.place': { about: true, make: (o) => ({ params: { id: o.tenantId }, body: { reason: 'billing' } }) },
  'tenantHolds.lift': { about: true, make: (o) => ({ params: { id: o.heldTenant }, query: 'reason=billing' }) },
  'tokens.list': { about: false, make: () => ({}) },
  'tokens.create': { about: false, make: () => ({ body: { name: 'another' } }) },
  'tokens.revoke': { about: true, only: 'ownerA', make: (o) => ({ params: { id: o.token } }) },
  'tenants.get': { about: true, make: (o) => ({ params: { id: o.tenantId } }) },
  'tenants.list': { about: false, make: () => ({}) },
  'tenants.create': {
    about: false,
    make: () => ({ body: { name: 'Fresh', ownerEmail: 'fresh@example.test', ownerName: 'Fresh' } }),
  },
  'webhooks.list': { about: false, make: () => ({}) },
  'webhooks.create': {
    about: true,
    make: (o) => ({
      body: { url: 'https://hooks.example.test/x', events: ['operation.failed'], tenantId: o.tenantId },
    }),
  },
  'webhooks.get': { about: true, make: (o) => ({ params: { id: o.webhook } }) },
  'webhooks.set': { about: true, make: (o) => ({ params: { id: o.webhook }, body: { enabled: false } }) },
  'webhooks.delete': { about: true, make: (o) => ({ params: { id: o.webhook } }) },
  'webhooks.test': { about: true, make: (o) => ({ params: { id: o.webhook }, body: {} }) },
  'webhooks.deliveries': { about: true, make: (o) => ({ params: { id: o.webhook } }) },
  'webhooks.replay': { about: true, make: (o) => ({ params: { id: o.delivery }, body: {} }) },
  'audit.list': { about: false, make: () => ({}) },
  'audit.export': { about: false, make: () => ({ query: 'format=csv' }) },
  'audit.verify': { about: false, make: () => ({}) },
  'tickets.list': { about: false, make: () => ({}) },
  'tickets.create': {
    about: true,
    make: (o) => ({ body: { subject: 'It is slow', body: 'Since this morning.', containerId: o.running } }),
  },
  'tickets.get': { about: true, make: (o) => ({ params: { id: o.ticket } }) },
  'tickets.message': { about: true, make: (o) => ({ params: { id: o.ticket }, body: { body: 'And still.' } }) },
  'tickets.attach': { about: true, make: (o) => ({ params: { id: o.ticket }, query: 'name=a.txt', bytes: 'text' }) },
  'tickets.attachment': { about: true, make: (o) => ({ params: { id: o.ticket, attachmentId: o.attachment } }) },
  'tickets.escalate': { about: true, make: (o) => ({ params: { id: o.ticket }, body: {} }) },
  'tickets.assign': { about: true, make: (o) => ({ params: { id: o.ticket }, body: { priority: 'high' } }) },
  'tickets.close': { about: true, make: (o) => ({ params: { id: o.ticket }, body: {} }) },
  'tickets.approve': { about: true, make: (o) => ({ params: { id: o.ticket } }) },
  'tickets.decline': { about: true, make: (o) => ({ params: { id: o.ticket }, body: { reason: 'No.' } }) },
  'tickets.requestAccess': {
    about: true,
    make: (o) => ({ params: { id: o.ticket }, body: { scopes: ['files'], reason: 'to see why' } }),
  },
  'consents.list': { about: false, make: () => ({}) },
  'consents.grant': { about: true, make: (o) => ({ params: { id: o.look }, body: {} }) },
  'consents.revoke': { about: true, make: (o) => ({ params: { id: o.look } }) },
  'consents.approve': { about: true, make: (o) => ({ params: { id: o.emergency } }) },
  'outages.list': { about: false, make: () => ({}) },
  'outages.declare': {
    about: false,
    crosses: true,
    make: (o) => ({ body: { hostIds: [o.host], title: 'Power', message: 'It is off.' } }),
  },
  'outages.update': { about: false, make: (o) => ({ params: { id: o.outage }, body: { message: 'Still off.' } }) },
  'outages.end': { about: false, make: (o) => ({ params: { id: o.outage }, body: { report: 'It is on again.' } }) },
  'dashboard.get': { about: false, make: () => ({}) },
  'events.stream': { about: false, make: () => ({}) },
} as const satisfies Record<
  Checked,
  {
    about: boolean;
    host?: true;
    tenantWide?: true;
    only?: string;
    crosses?: true;
    looks?: true;
    make: (objects: Objects) => Made;
  }
>;
