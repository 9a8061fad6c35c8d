'use client';
import { Plus, X } from 'lucide-react';
import type { Grant, Member } from '#lib/contract/members.ts';
import type { RoleChoice, ScopeKind } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { SelectField } from '../form.tsx';
import { LabelInput } from '../labels/label-input.tsx';
import type { Account } from '../team-calls.ts';
import { useAnswer } from '../use-answer.ts';
import { AccountField } from './account-field.tsx';
import { aboutOf, titleOf } from './role-words.ts';

/** A role to give while it is being put together. */
export type Draft = {
  key: string;
  role: string;
  scope: ScopeKind;
  labels: string[];
  containerId: string;
  /** Of staff whose role is over one of the accounts that they look after: which. */
  only: { scope: ScopeKind; tenantId: string; name: string } | null;
};

const scopeWords = {
  installation: 'The installation',
  reseller: 'All tenants, now and later',
  tenant: 'Everything in the account',
  labels: 'Containers with a label',
  container: 'One container',
} as const satisfies Record<ScopeKind, string>;
/** And of those over one account among several. */
const oneOf = { reseller: 'One reseller and its tenants', tenant: 'One tenant' } as const;
type OneOf = keyof typeof oneOf;

/** Whether a role over this is over one account of those that this team looks after, which has to be named then. */
function isOneOf(scope: ScopeKind, { kind }: Account): scope is OneOf {
  return kind === 'provider' ? scope === 'reseller' || scope === 'tenant' : kind === 'reseller' && scope === 'tenant';
}
const mostRoles = 10;
let drafts = 0;

export function draft(role: string, scope: ScopeKind): Draft {
  drafts += 1;
  return { key: `role-${drafts}`, role, scope, labels: [], containerId: '', only: null };
}

/** What somebody has, to be changed. */
export function draftsOf(member: Member): Draft[] {
  return member.assignments.map(({ role, scope, labels, containerId, tenantId, tenantName }) => ({
    ...draft(role, scope),
    labels,
    containerId: containerId ?? '',
    only: tenantId === null ? null : { scope, tenantId, name: tenantName ?? '' },
  }));
}

export function grantsOf(list: readonly Draft[]): Grant[] {
  return list.map(({ role, scope, labels, containerId, only }) => ({
    role,
    scope,
    ...(only?.scope === scope ? { tenantId: only.tenantId } : {}),
    ...(scope === 'labels' ? { labels } : {}),
    ...(scope === 'container' ? { containerId } : {}),
  }));
}

/** Why these cannot be given yet; null if they can be asked for. */
export function unfinished(list: readonly Draft[], roles: readonly RoleChoice[], account: Account): string | null {
  for (const { role, scope, labels, containerId, only } of list) {
    if (isOneOf(scope, account) && only?.scope !== scope)
      return scope === 'reseller' ? t('Choose the reseller first.') : t('Choose the tenant first.');
    if (scope === 'labels' && labels.length === 0) return t('Choose a label first.');
    if (scope === 'container' && containerId === '') return t('Choose the container first.');
    if (roles.find((one) => one.role === role) === undefined) return t('Choose a role first.');
  }
  return null;
}

/** The roles of somebody, each with what it is over. */
export function GrantFields({
  account,
  roles,
  list,
  onChange,
}: {
  account: Account;
  roles: readonly RoleChoice[];
  list: readonly Draft[];
  onChange: (list: Draft[]) => void;
}) {
  const known = useThings(account.kind === 'tenant' ? account.id : null);
  const set = (key: string, change: Partial<Draft>) =>
    onChange(list.map((one) => (one.key === key ? { ...one, ...change } : one)));
  const first = roles.find((one) => one.lacks.length === 0) ?? roles[0];
  return (
    <div className="grid gap-3">
      {list.map((one, n) => {
        const role = roles.find((each) => each.role === one.role);
        return (
          <fieldset key={one.key} className="grid gap-3 rounded-control border border-line p-3">
            <legend className="sr-only">{list.length === 1 ? t('Role') : t('Role {n}', { n: n + 1 })}</legend>
            <div className="grid gap-3 sm:grid-cols-2">
              <SelectField
                name={`roles.${n}.role`}
                label={t('Role')}
                value={one.role}
                onChange={(event) => {
                  const next = roles.find((each) => each.role === event.target.value);
                  const scope = next?.scopes.includes(one.scope) ? one.scope : (next?.scopes[0] ?? one.scope);
                  set(one.key, { role: event.target.value, scope });
                }}
                options={roles.map((each) => ({
                  value: each.role,
                  label:
                    each.lacks.length > 0 ? t('{role} (more than you may)', { role: titleOf(each) }) : titleOf(each),
                  disabled: each.lacks.length > 0,
                }))}
              />
              <SelectField
                name={`roles.${n}.scope`}
                label={t('Over')}
                value={one.scope}
                onChange={(event) => set(one.key, { scope: event.target.value as ScopeKind })}
                options={[...new Set([...(role?.scopes ?? []), one.scope])].map((scope) => ({
                  value: scope,
                  label: t(isOneOf(scope, account) ? oneOf[scope] : scopeWords[scope]),
                }))}
              />
            </div>
            {role?.about && <p className="sub">{aboutOf(role)}</p>}
            {isOneOf(one.scope, account) && (
              <AccountField
                name={`roles.${n}.tenantId`}
                kind={one.scope}
                within={account.id}
                chosen={one.only?.scope === one.scope ? one.only : null}
                onChange={(only) => set(one.key, { only: only && { scope: one.scope, ...only } })}
              />
            )}
            {one.scope === 'labels' && (
              <LabelInput
                label={t('Labels')}
                hint={t('What carries one of them, at any time: also what gets it later.')}
                chosen={one.labels}
                known={known.labels}
                onChange={(labels) => set(one.key, { labels })}
              />
            )}
            {one.scope === 'container' && (
              <SelectField
                name={`roles.${n}.containerId`}
                label={t('Container')}
                value={one.containerId}
                onChange={(event) => set(one.key, { containerId: event.target.value })}
                options={[{ value: '', label: t('Choose one') }, ...known.containers]}
              />
            )}
            {list.length > 1 && (
              <div>
                <Button
                  size="small"
                  variant="quiet"
                  onClick={() => onChange(list.filter((each) => each.key !== one.key))}
                >
                  <X aria-hidden /> {t('Leave this role out')}
                </Button>
              </div>
            )}
          </fieldset>
        );
      })}
      {list.length < mostRoles && first !== undefined && (
        <div>
          <Button size="small" onClick={() => onChange([...list, draft(first.role, first.scopes[0] ?? 'tenant')])}>
            <Plus aria-hidden /> {t('Another role')}
          </Button>
        </div>
      )}
    </div>
  );
}

/** What a role can be over in an account: asked for when the dialog opens. Without an answer, labels can still be typed. */
export function useThings(tenantId: string | null | undefined) {
  const query = tenantId == null ? {} : { tenantId };
  const asked = tenantId === null ? null : { query };
  const labels = useAnswer('labels.list', asked).found?.items ?? [];
  const containers = useAnswer('containers.list', asked && { query: { ...query, limit: 200 } }).found?.items ?? [];
  return {
    labels: labels.map((one) => one.label),
    containers: containers.map(({ id, name }) => ({ value: id, label: name })),
  };
}
