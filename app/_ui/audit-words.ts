import type { AuditEntry } from '#lib/contract/audit.ts';
import type { Fact } from '#lib/contract/audit-facts.ts';
import { HoldReason, holdWords } from '#lib/contract/holds.ts';
import { OperationKind, OperationState } from '#lib/contract/states.ts';
import { type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { titleOf } from './rights/role-words.ts';
import { priorityWords, scopeWords } from './tickets/words.tsx';
import { kindWords, operationStateWords } from './words.ts';

/** What a fact is called, in English as in the record and its exports. A name that the record has from another version stays as it is. */
const lines = {
  about: 'about: {value}',
  accepted: 'accepted: {value}',
  accountEnded: 'accountEnded: {value}',
  accountsEnded: 'accountsEnded: {value}',
  action: 'action: {value}',
  actor: 'actor: {value}',
  address: 'address: {value}',
  addresses: 'addresses: {value}',
  after: 'after: {value}',
  again: 'again: {value}',
  allSystemFiles: 'allSystemFiles: {value}',
  already: 'already: {value}',
  appendOnly: 'appendOnly: {value}',
  approvals: 'approvals: {value}',
  asked: 'asked: {value}',
  asks: 'asks: {value}',
  assignee: 'assignee: {value}',
  atBackupLimit: 'atBackupLimit: {value}',
  attempt: 'attempt: {value}',
  'backup-damaged': 'backup-damaged: {value}',
  'backup-failed': 'backup-failed: {value}',
  'backup-test-failed': 'backup-test-failed: {value}',
  backupBytes: 'backupBytes: {value}',
  backupId: 'backupId: {value}',
  backups: 'backups: {value}',
  base: 'base: {value}',
  before: 'before: {value}',
  began: 'began: {value}',
  'factor-off': 'factor-off: {value}',
  'factor-on': 'factor-on: {value}',
  givenUp: 'givenUp: {value}',
  body: 'body: {value}',
  brandId: 'brandId: {value}',
  by: 'by: {value}',
  bytes: 'bytes: {value}',
  byTheOtherAccount: 'byTheOtherAccount: {value}',
  calledOff: 'calledOff: {value}',
  came: 'came: {value}',
  changed: 'changed: {value}',
  client: 'client: {value}',
  clientId: 'clientId: {value}',
  code: 'code: {value}',
  colours: 'colours: {value}',
  consentBy: 'consentBy: {value}',
  consented: 'consented: {value}',
  consentId: 'consentId: {value}',
  containerId: 'containerId: {value}',
  containerIds: 'containerIds: {value}',
  containers: 'containers: {value}',
  count: 'count: {value}',
  cpuCores: 'cpuCores: {value}',
  cpuShares: 'cpuShares: {value}',
  created: 'created: {value}',
  daily: 'daily: {value}',
  dark: 'dark: {value}',
  decision: 'decision: {value}',
  declined: 'declined: {value}',
  deleted: 'deleted: {value}',
  deletedBackupDays: 'deletedBackupDays: {value}',
  detail: 'detail: {value}',
  diskBytes: 'diskBytes: {value}',
  doneAt: 'doneAt: {value}',
  email: 'email: {value}',
  emergency: 'emergency: {value}',
  enabled: 'enabled: {value}',
  entries: 'entries: {value}',
  error: 'error: {value}',
  events: 'events: {value}',
  every: 'every: {value}',
  exclusive: 'exclusive: {value}',
  expiresAt: 'expiresAt: {value}',
  factorRoles: 'factorRoles: {value}',
  fetched: 'fetched: {value}',
  'first-login': 'first-login: {value}',
  format: 'format: {value}',
  forward: 'forward: {value}',
  found: 'found: {value}',
  freedBytes: 'freedBytes: {value}',
  from: 'from: {value}',
  generation: 'generation: {value}',
  given: 'given: {value}',
  gone: 'gone: {value}',
  granted: 'granted: {value}',
  group: 'group: {value}',
  groupsClaim: 'groupsClaim: {value}',
  handoverId: 'handoverId: {value}',
  heads: 'heads: {value}',
  holder: 'holder: {value}',
  holds: 'holds: {value}',
  host: 'host: {value}',
  'host-lost': 'host-lost: {value}',
  hostClaimed: 'hostClaimed: {value}',
  hostDropped: 'hostDropped: {value}',
  hostId: 'hostId: {value}',
  hostIds: 'hostIds: {value}',
  hostLost: 'hostLost: {value}',
  hostname: 'hostname: {value}',
  hostProven: 'hostProven: {value}',
  hosts: 'hosts: {value}',
  hourly: 'hourly: {value}',
  how: 'how: {value}',
  ifBeforeFails: 'ifBeforeFails: {value}',
  inodes: 'inodes: {value}',
  invitation: 'invitation: {value}',
  invitationsWithdrawn: 'invitationsWithdrawn: {value}',
  issuer: 'issuer: {value}',
  keep: 'keep: {value}',
  keptAsLastOwner: 'keptAsLastOwner: {value}',
  kind: 'kind: {value}',
  known: 'known: {value}',
  labels: 'labels: {value}',
  language: 'language: {value}',
  last: 'last: {value}',
  lastedSeconds: 'lastedSeconds: {value}',
  layers: 'layers: {value}',
  leftId: 'leftId: {value}',
  legalUrl: 'legalUrl: {value}',
  level: 'level: {value}',
  light: 'light: {value}',
  linkByEmail: 'linkByEmail: {value}',
  localActionId: 'localActionId: {value}',
  locationId: 'locationId: {value}',
  locationName: 'locationName: {value}',
  lostBy: 'lostBy: {value}',
  lostSince: 'lostSince: {value}',
  madeAt: 'madeAt: {value}',
  mailKeyDropped: 'mailKeyDropped: {value}',
  mailKeyMade: 'mailKeyMade: {value}',
  mailKeyProven: 'mailKeyProven: {value}',
  mailPasswordChanged: 'mailPasswordChanged: {value}',
  mails: 'mails: {value}',
  mappings: 'mappings: {value}',
  maxContainers: 'maxContainers: {value}',
  memoryBytes: 'memoryBytes: {value}',
  message: 'message: {value}',
  minutes: 'minutes: {value}',
  monthDay: 'monthDay: {value}',
  monthly: 'monthly: {value}',
  name: 'name: {value}',
  note: 'note: {value}',
  offered: 'offered: {value}',
  op: 'op: {value}',
  operationId: 'operationId: {value}',
  outage: 'outage: {value}',
  'outage-over': 'outage-over: {value}',
  outcome: 'outcome: {value}',
  owner: 'owner: {value}',
  paidUntil: 'paidUntil: {value}',
  'passkey-added': 'passkey-added: {value}',
  'passkey-removed': 'passkey-removed: {value}',
  'password-changed': 'password-changed: {value}',
  path: 'path: {value}',
  paths: 'paths: {value}',
  permissions: 'permissions: {value}',
  picture: 'picture: {value}',
  pictureRemoved: 'pictureRemoved: {value}',
  pids: 'pids: {value}',
  places: 'places: {value}',
  planId: 'planId: {value}',
  port: 'port: {value}',
  price: 'price: {value}',
  priority: 'priority: {value}',
  privateNetwork: 'privateNetwork: {value}',
  probe: 'probe: {value}',
  problems: 'problems: {value}',
  productName: 'productName: {value}',
  program: 'program: {value}',
  protected: 'protected: {value}',
  provider: 'provider: {value}',
  'provider-added': 'provider-added: {value}',
  'provider-removed': 'provider-removed: {value}',
  reason: 'reason: {value}',
  recoverableUntil: 'recoverableUntil: {value}',
  'recovery-code-used': 'recovery-code-used: {value}',
  rejoin: 'rejoin: {value}',
  'released-early': 'released-early: {value}',
  removeAfter: 'removeAfter: {value}',
  removed: 'removed: {value}',
  removeSshKeys: 'removeSshKeys: {value}',
  replayOf: 'replayOf: {value}',
  report: 'report: {value}',
  requireFactor: 'requireFactor: {value}',
  reset: 'reset: {value}',
  resources: 'resources: {value}',
  restartPolicy: 'restartPolicy: {value}',
  revoked: 'revoked: {value}',
  role: 'role: {value}',
  roles: 'roles: {value}',
  rootPasswordSet: 'rootPasswordSet: {value}',
  saidBy: 'saidBy: {value}',
  scopes: 'scopes: {value}',
  secretChanged: 'secretChanged: {value}',
  secure: 'secure: {value}',
  sender: 'sender: {value}',
  seq: 'seq: {value}',
  service: 'service: {value}',
  sessionId: 'sessionId: {value}',
  signInText: 'signInText: {value}',
  since: 'since: {value}',
  sizeBytes: 'sizeBytes: {value}',
  smtp: 'smtp: {value}',
  solved: 'solved: {value}',
  sshKeys: 'sshKeys: {value}',
  staff: 'staff: {value}',
  state: 'state: {value}',
  stop: 'stop: {value}',
  subject: 'subject: {value}',
  supportUrl: 'supportUrl: {value}',
  taken: 'taken: {value}',
  target: 'target: {value}',
  templateId: 'templateId: {value}',
  templateIds: 'templateIds: {value}',
  tenant: 'tenant: {value}',
  tenantId: 'tenantId: {value}',
  tenantMade: 'tenantMade: {value}',
  test: 'test: {value}',
  testEvery: 'testEvery: {value}',
  ticket: 'ticket: {value}',
  'ticket-late': 'ticket-late: {value}',
  time: 'time: {value}',
  title: 'title: {value}',
  to: 'to: {value}',
  trustedFactors: 'trustedFactors: {value}',
  type: 'type: {value}',
  undeleteUntil: 'undeleteUntil: {value}',
  undoOnly: 'undoOnly: {value}',
  unknownPeople: 'unknownPeople: {value}',
  until: 'until: {value}',
  url: 'url: {value}',
  user: 'user: {value}',
  verb: 'verb: {value}',
  verbs: 'verbs: {value}',
  weekday: 'weekday: {value}',
  weekly: 'weekly: {value}',
  whole: 'whole: {value}',
  why: 'why: {value}',
  withdrawn: 'withdrawn: {value}',
  withoutBackup: 'withoutBackup: {value}',
  yearly: 'yearly: {value}',
  zone: 'zone: {value}',
} as const satisfies Record<Fact, Text>;
export const knownFacts = Object.keys(lines);

/** Words of ours that stand for a fact; by what each is called. */
const words: Partial<Record<Fact, Readonly<Record<string, Text>>>> = {
  /** How somebody showed who they are. */
  by: {
    password: 'password',
    code: 'code',
    authenticator: 'authenticator',
    'recovery code': 'recovery code',
    passkey: 'passkey',
    provider: 'provider',
    'a link from a billing program': 'a link from a billing program',
  },
  /** And how a provider came to know them. */
  how: {
    'a verified address': 'a verified address',
    'made for this person': 'made for this person',
    'by its person': 'by its person',
  },
  why: { 'whoever made it may not make it any more': 'whoever made it may not make it any more' },
  unknownPeople: { make: 'make', refuse: 'refuse' },
  priority: priorityWords,
  scopes: scopeWords,
  /** As what a person has resolved a stuck operation. */
  outcome: { done: 'done', failed: 'failed' },
  decision: { adopted: 'adopted', ignored: 'ignored', orphaned: 'orphaned' },
  every: { hour: 'hour', day: 'day', week: 'week', month: 'month' },
  testEvery: { week: 'week', month: 'month', never: 'never' },
  ifBeforeFails: { fail: 'fail', 'go-on': 'go-on' },
  atBackupLimit: { refuse: 'refuse', rotate: 'rotate' },
  restartPolicy: { never: 'never', 'on-failure': 'on-failure', always: 'always' },
  action: {
    'create-folder': 'create-folder',
    move: 'move',
    copy: 'copy',
    attributes: 'attributes',
    delete: 'delete',
    'put-back': 'put-back',
    'empty-trash': 'empty-trash',
  },
};
/** Whole sentences of the portal's or a host's. */
const sentences = new Set<string>(['detail', 'error'] satisfies Fact[]);
const roleFacts = new Set(['roles', 'role', 'base', 'given', 'taken', 'keptAsLastOwner', 'factorRoles']);

const inTable = (table: Readonly<Record<string, Text>>, text: string) => {
  const words = Object.hasOwn(table, text) ? table[text] : undefined;
  return words === undefined ? text : t(words);
};

/** One of the words that we have for such a fact; anything else is a name or a value, which stays. */
function wordOf(fact: string, text: string, verb: string): string {
  const isRoles = roleFacts.has(fact) || (verb === 'member.manage' && (fact === 'before' || fact === 'after'));
  if (isRoles) return titleOf({ role: text, title: text });
  const own = Object.hasOwn(words, fact) ? words[fact as Fact] : undefined;
  if (own !== undefined) return inTable(own, text);
  if (sentences.has(fact)) return said(text);
  switch (fact) {
    case 'reason': {
      const reason = verb.startsWith('hold.') ? HoldReason.safeParse(text).data : undefined;
      return reason === undefined ? text : said(holdWords[reason].staff);
    }
    case 'state': {
      const state = OperationState.safeParse(text).data;
      return state === undefined ? text : t(operationStateWords[state].word);
    }
    case 'kind': {
      const kind = OperationKind.safeParse(text).data;
      return kind === undefined ? text : t(kindWords[kind].noun);
    }
    default:
      return text;
  }
}

function valueWords(fact: string, value: unknown, verb: string): string {
  if (typeof value === 'string') return wordOf(fact, value, verb);
  if (typeof value === 'boolean') return value ? t('yes') : t('no');
  if (value === null || value === undefined) return '–';
  if (Array.isArray(value))
    return value.length === 0 ? '–' : value.map((one) => valueWords(fact, one, verb)).join(', ');
  if (typeof value === 'object') {
    const facts = Object.entries(value);
    return facts.length === 0 ? '–' : facts.map(([name, one]) => factLine(name, one, verb)).join('; ');
  }
  return String(value);
}

function factLine(fact: string, value: unknown, verb: string): string {
  const words = valueWords(fact, value, verb);
  const line = Object.hasOwn(lines, fact) ? lines[fact as keyof typeof lines] : undefined;
  return line === undefined ? `${fact}: ${words}` : t(line, { value: words });
}

/** What an entry says besides, a line for each fact: our own words in the reader's language, names and values as they are. */
export function detailLines({ verb, detail }: Pick<AuditEntry, 'verb' | 'detail'>): string[] {
  return Object.entries(detail).map(([fact, value]) => factLine(fact, value, verb));
}

/** Who did it by name; of somebody who tried to sign in as nobody that there is, that they are unknown. */
export function whoWords({ actor }: Pick<AuditEntry, 'actor'>): string {
  return actor.kind === 'system' && actor.name === 'unknown' ? t('unknown') : actor.name;
}
