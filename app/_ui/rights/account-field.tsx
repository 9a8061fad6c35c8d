'use client';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { SelectField, TextField } from '../form.tsx';
import { useAnswer } from '../use-answer.ts';

type Named = { tenantId: string; name: string };
const most = 200;

/** One tenant, or one reseller, among those that a team looks after. Where there are more than a list can show, a part of the name finds it. */
export function AccountField({
  name,
  kind,
  within,
  chosen,
  onChange,
}: {
  name: string;
  kind: 'tenant' | 'reseller';
  /** The reseller whose tenants they are; null: all there are. */
  within: string | null;
  chosen: Named | null;
  onChange: (chosen: Named | null) => void;
}) {
  const [part, setPart] = useState('');
  const query = { limit: most, ...(part.trim() === '' ? {} : { q: part.trim() }) };
  const tenants = useAnswer(
    'tenants.list',
    kind === 'tenant' ? { query: { ...query, kind, ...(within === null ? {} : { resellerId: within }) } } : null,
  );
  const resellers = useAnswer('resellers.list', kind === 'reseller' ? { query } : null);
  const { found, problem } = kind === 'tenant' ? tenants : resellers;
  const known = (found?.items ?? []).map((one) => ({ tenantId: one.id, name: one.name }));
  // What was chosen stays, whether the list has it or not.
  const shown = chosen === null || known.some((one) => one.tenantId === chosen.tenantId) ? known : [chosen, ...known];
  const label = kind === 'tenant' ? t('Tenant') : t('Reseller');
  return (
    <>
      {(part !== '' || (found?.nextCursor ?? null) !== null) && (
        <TextField
          name={`${name}.part`}
          label={t('A part of its name')}
          value={part}
          onChange={(event) => setPart(event.target.value)}
          autoComplete="off"
        />
      )}
      <SelectField
        name={name}
        label={label}
        value={chosen?.tenantId ?? ''}
        onChange={(event) => onChange(shown.find((one) => one.tenantId === event.target.value) ?? null)}
        options={[
          { value: '', label: found === null && problem === null ? t('Looking…') : t('Choose one') },
          ...shown.map((one) => ({ value: one.tenantId, label: one.name })),
        ]}
        hint={
          problem !== null
            ? problem.title
            : found !== null && known.length === 0
              ? kind === 'tenant'
                ? t('There is no tenant of that name.')
                : t('There is no reseller of that name.')
              : null
        }
      />
    </>
  );
}
