import { Permission, permissions } from '#lib/contract/permissions.ts';
import { type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';

/** Rights by what they are about, for people: the order in which somebody looks for them. */
const groups: readonly [title: Text, about: readonly string[]][] = [
  ['Containers', ['container']],
  ['Files', ['file']],
  ['Backups and snapshots', ['backup', 'snapshot', 'location']],
  ['Operations', ['operation']],
  ['Help', ['ticket', 'access', 'outage']],
  ['People and roles', ['member', 'role', 'factor', 'security']],
  ['Holds', ['hold']],
  ['Plans and systems', ['plan', 'template']],
  ['Servers', ['host', 'orphan', 'dashboard']],
  ['Tenants and resellers', ['tenant', 'reseller', 'brand', 'billing']],
  ['Record and programs', ['audit', 'webhook', 'event']],
];
const other: Text = 'Else';

/** In the reader's language. */
export type RightGroup = { title: string; rights: { right: Permission; words: string }[] };

/** These rights in groups; what fits none of them comes last. */
export function groupsOf(rights: readonly Permission[]): RightGroup[] {
  const known = groups.map(([title, about]) => ({
    title,
    rights: rights.filter((right) => about.includes(subject(right))),
  }));
  const rest = rights.filter((right) => !groups.some(([, about]) => about.includes(subject(right))));
  return [...known, { title: other, rights: rest }]
    .filter((group) => group.rights.length > 0)
    .map(({ title, rights: of }) => ({
      title: t(title),
      rights: of.map((right) => ({ right, words: said(permissions[right]) })),
    }));
}
const subject = (right: Permission) => right.split('.')[0] ?? '';

/** What is done to one container: the questions "why can't I" and "who can" are about these. */
export const containerRights: readonly Permission[] = Permission.options.filter(
  (right) =>
    ['container', 'file', 'backup', 'snapshot', 'operation', 'hold'].includes(subject(right)) &&
    !['container.create', 'container.import', 'hold.put'].includes(right),
);
