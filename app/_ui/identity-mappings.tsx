'use client';
import { Plus, X } from 'lucide-react';
import type { GroupMapping } from '#lib/contract/identity.ts';
import { type Role, roleWords } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { SelectField, TextField } from './form.tsx';
import { rolesToMap } from './identity-words.ts';

export type Account = { id: string; name: string };
type Props = {
  rows: readonly GroupMapping[];
  onRows: (rows: GroupMapping[]) => void;
  accounts: readonly Account[];
  of: 'installation' | 'reseller';
};

/** The installation has no id; a select has no null. */
const whole = '';

/** Which role follows from which group, and over what. */
export function MappingFields({ rows, onRows, accounts, of }: Props) {
  const roles = rolesToMap[of];
  const [first] = roles;
  const [firstAccount] = accounts;
  const blank: GroupMapping = {
    ...{ group: '', role: of === 'installation' ? 'support' : (first ?? 'reseller-staff') },
    tenantId: of === 'installation' ? null : (firstAccount?.id ?? null),
  };
  const put = (at: number, more: Partial<GroupMapping>) =>
    onRows(rows.map((row, n) => (n === at ? { ...row, ...more } : row)));
  const over = [
    ...(of === 'installation' ? [{ value: whole, label: t('The installation') }] : []),
    ...accounts.map(({ id, name }) => ({ value: id, label: name })),
  ];
  return (
    <fieldset className="grid gap-3">
      <legend className="mb-1.5 text-[13px] font-[550]">{t('Roles that follow from groups')}</legend>
      {rows.map((row, n) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is what stands at its place; all fields are controlled
          key={n}
          className="grid items-end gap-2 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)_minmax(0,1fr)_auto]"
        >
          <TextField
            name={`mappings.${n}.group`}
            label={t('Group')}
            value={row.group}
            onChange={(event) => put(n, { group: event.target.value })}
            required
          />
          <SelectField
            name={`mappings.${n}.role`}
            label={t('Role')}
            value={row.role}
            onChange={(event) => put(n, { role: event.target.value as Role })}
            options={roles.map((role) => ({ value: role, label: said(roleWords[role].title) }))}
          />
          <SelectField
            name={`mappings.${n}.tenantId`}
            label={t('Over')}
            value={row.tenantId ?? whole}
            onChange={(event) => put(n, { tenantId: event.target.value === whole ? null : event.target.value })}
            options={over}
          />
          <Button
            aria-label={t('Remove the row of {group}', { group: row.group || t('no group') })}
            onClick={() => onRows(rows.filter((_, at) => at !== n))}
          >
            <X aria-hidden />
          </Button>
        </div>
      ))}
      <div>
        <Button size="small" onClick={() => onRows([...rows, blank])}>
          <Plus aria-hidden /> {t('Add a group')}
        </Button>
      </div>
    </fieldset>
  );
}
