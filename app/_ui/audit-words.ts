import type { AuditEntry } from '#lib/contract/audit.ts';
import { HoldReason, holdWords } from '#lib/contract/holds.ts';
import { OperationKind, OperationState } from '#lib/contract/states.ts';
import { type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { titleOf } from './rights/role-words.ts';
import { priorityWords, scopeWords } from './tickets/words.tsx';
import { kindWords, operationStateWords } from './words.ts';

/** What a fact is called. In English as in the record and its exports; a fact that is not here is called so in any language. */
const lines = {
  about: 'about: {value}',
  accountEnded: 'accountEnded: {value}',
  accountsEnded: 'accountsEnded: {value}',
  address: 'address: {value}',
  addresses: 'addresses: {value}',
  after: 'after: {value}',
  again: 'again: {value}',
  appendOnly: 'appendOnly: {value}',
  asks: 'asks: {value}',
  assignee: 'assignee: {value}',
  attempt: 'attempt: {value}',
  backupId: 'backupId: {value}',
  backups: 'backups: {value}',
  base: 'base: {value}',
  before: 'before: {value}',
  by: 'by: {value}',
  bytes: 'bytes: {value}',
  byTheOtherAccount: 'byTheOtherAccount: {value}',
  changed: 'changed: {value}',
  consented: 'consented: {value}',
  consentBy: 'consentBy: {value}',
  consentId: 'consentId: {value}',
  containerId: 'containerId: {value}',
  containerIds: 'containerIds: {value}',
  containers: 'containers: {value}',
  email: 'email: {value}',
  emergency: 'emergency: {value}',
  expiresAt: 'expiresAt: {value}',
  factorRoles: 'factorRoles: {value}',
  format: 'format: {value}',
  forward: 'forward: {value}',
  from: 'from: {value}',
  given: 'given: {value}',
  granted: 'granted: {value}',
  handoverId: 'handoverId: {value}',
  holder: 'holder: {value}',
  how: 'how: {value}',
  host: 'host: {value}',
  hostId: 'hostId: {value}',
  hostIds: 'hostIds: {value}',
  invitationsWithdrawn: 'invitationsWithdrawn: {value}',
  keptAsLastOwner: 'keptAsLastOwner: {value}',
  kind: 'kind: {value}',
  labels: 'labels: {value}',
  language: 'language: {value}',
  level: 'level: {value}',
  locationId: 'locationId: {value}',
  locationName: 'locationName: {value}',
  lostBy: 'lostBy: {value}',
  madeAt: 'madeAt: {value}',
  message: 'message: {value}',
  minutes: 'minutes: {value}',
  name: 'name: {value}',
  note: 'note: {value}',
  offered: 'offered: {value}',
  operationId: 'operationId: {value}',
  outcome: 'outcome: {value}',
  owner: 'owner: {value}',
  path: 'path: {value}',
  permissions: 'permissions: {value}',
  planId: 'planId: {value}',
  price: 'price: {value}',
  priority: 'priority: {value}',
  program: 'program: {value}',
  protected: 'protected: {value}',
  provider: 'provider: {value}',
  reason: 'reason: {value}',
  recoverableUntil: 'recoverableUntil: {value}',
  removed: 'removed: {value}',
  report: 'report: {value}',
  requireFactor: 'requireFactor: {value}',
  resources: 'resources: {value}',
  revoked: 'revoked: {value}',
  roles: 'roles: {value}',
  scopes: 'scopes: {value}',
  service: 'service: {value}',
  sizeBytes: 'sizeBytes: {value}',
  staff: 'staff: {value}',
  state: 'state: {value}',
  stop: 'stop: {value}',
  taken: 'taken: {value}',
  templateId: 'templateId: {value}',
  title: 'title: {value}',
  to: 'to: {value}',
  until: 'until: {value}',
  url: 'url: {value}',
  verbs: 'verbs: {value}',
  why: 'why: {value}',
} as const satisfies Record<string, Text>;
export const knownFacts = Object.keys(lines);

/** How somebody showed who they are. */
const ways = {
  password: 'password',
  code: 'code',
  authenticator: 'authenticator',
  'recovery code': 'recovery code',
  passkey: 'passkey',
  provider: 'provider',
  'a link from a billing program': 'a link from a billing program',
} as const satisfies Record<string, Text>;
/** And how a provider came to know them. */
const connections = {
  'a verified address': 'a verified address',
  'made for this person': 'made for this person',
  'by its person': 'by its person',
} as const satisfies Record<string, Text>;
/** As what a person has resolved a stuck operation. */
const outcomes = { done: 'done', failed: 'failed' } as const satisfies Record<string, Text>;
const roleFacts = new Set(['roles', 'base', 'given', 'taken', 'keptAsLastOwner', 'factorRoles']);

const inTable = (table: Readonly<Record<string, Text>>, text: string) => {
  const words = Object.hasOwn(table, text) ? table[text] : undefined;
  return words === undefined ? text : t(words);
};

/** One of the words that we have for such a fact; anything else is a name or a value, which stays. */
function wordOf(fact: string, text: string, verb: string): string {
  const isRoles = roleFacts.has(fact) || (verb === 'member.manage' && (fact === 'before' || fact === 'after'));
  if (isRoles) return titleOf({ role: text, title: text });
  switch (fact) {
    case 'by':
      return inTable(ways, text);
    case 'how':
      return inTable(connections, text);
    case 'outcome':
      return inTable(outcomes, text);
    case 'priority':
      return inTable(priorityWords, text);
    case 'scopes':
      return inTable(scopeWords, text);
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
