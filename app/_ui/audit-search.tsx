'use client';
import { Download, Search } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { t } from '#lib/language/text.ts';
import { withQuery } from './address.ts';
import { Button, DownloadButton } from './button.tsx';
import { Form, SelectField, TextField } from './form.tsx';

type Values = Partial<Record<'actor' | 'verb' | 'target' | 'outcome' | 'from' | 'until', string | undefined>>;

/** A search of the record, kept in the address; what it finds can be taken along. `exported`: the same for the interface. */
export function AuditSearch({ values, exported }: { values: Values; exported: string }) {
  const router = useRouter();
  const path = usePathname();
  const [pending, startTransition] = useTransition();
  const submit = (data: FormData) => {
    const typed = [...data].map(([name, value]) => [name, String(value).trim()]);
    startTransition(() => router.push(withQuery(path, Object.fromEntries(typed))));
  };
  const exportTo = (format: string) => `/api/v1/audit/export?format=${format}${exported === '' ? '' : `&${exported}`}`;
  return (
    <search className="card mb-4 block p-4" key={JSON.stringify(values)}>
      <Form problem={null} onSubmit={submit}>
        <div className="grid gap-3 sm:grid-cols-3 xl:grid-cols-6">
          <TextField name="actor" label={t('Who')} defaultValue={values.actor} maxLength={200} />
          <TextField
            name="verb"
            label={t('Did')}
            placeholder="container.start"
            defaultValue={values.verb}
            maxLength={200}
          />
          <TextField name="target" label={t('To')} defaultValue={values.target} maxLength={200} />
          <SelectField
            name="outcome"
            label={t('Outcome')}
            defaultValue={values.outcome ?? ''}
            options={[
              { value: '', label: t('all') },
              { value: 'allowed', label: t('Allowed') },
              { value: 'denied', label: t('Denied') },
              { value: 'failed', label: t('Failed') },
            ]}
          />
          <TextField name="from" label={t('From (UTC)')} type="date" defaultValue={values.from} />
          <TextField name="until" label={t('Until (UTC)')} type="date" defaultValue={values.until} />
        </div>
        <div className="flex flex-wrap gap-2">
          <Button type="submit" variant="primary" size="small" pending={pending}>
            <Search aria-hidden /> {t('Search')}
          </Button>
          <DownloadButton href={exportTo('csv')} size="small" className="ml-auto">
            <Download aria-hidden /> {t('CSV')}
          </DownloadButton>
          <DownloadButton href={exportTo('jsonl')} size="small">
            <Download aria-hidden /> {t('JSON lines')}
          </DownloadButton>
        </div>
      </Form>
    </search>
  );
}
