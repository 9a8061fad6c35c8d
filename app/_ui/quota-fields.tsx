import type { Quota } from '#lib/contract/resellers.ts';
import { t } from '#lib/language/text.ts';
import { TextField } from './form.tsx';

const gb = 1024 ** 3;
const shown = (value: number | null, unit: number) =>
  value === null ? '' : String(Math.round((value / unit) * 100) / 100);

/** The limits of a quota. Left empty, there is none. */
export function QuotaFields({ quota }: { quota?: Quota }) {
  const number = { type: 'number', inputMode: 'decimal', min: '0', placeholder: t('no limit') } as const;
  const of = (value: number | null | undefined, unit = 1) => shown(value ?? null, unit);
  return (
    <fieldset className="grid gap-4 sm:grid-cols-3">
      <legend className="sub mb-3">{t('All its tenants together may have. Empty: no limit.')}</legend>
      <TextField
        {...number}
        name="maxContainers"
        label={t('Containers')}
        step="1"
        defaultValue={of(quota?.maxContainers)}
      />
      <TextField {...number} name="cpuCores" label={t('Cores')} step="0.05" defaultValue={of(quota?.cpuCores)} />
      <TextField
        {...number}
        name="memoryBytes"
        label={t('Memory (GB)')}
        step="0.1"
        defaultValue={of(quota?.memoryBytes, gb)}
      />
      <TextField {...number} name="diskBytes" label={t('Disk (GB)')} step="1" defaultValue={of(quota?.diskBytes, gb)} />
      <TextField
        {...number}
        name="backupBytes"
        label={t('Space for backups (GB)')}
        step="1"
        defaultValue={of(quota?.backupBytes, gb)}
        hint={t('As promised by plans.')}
      />
    </fieldset>
  );
}

/** What was typed into {@link QuotaFields}; servers and templates stay as they were. */
export function quotaFrom(data: FormData, before?: Quota): Quota {
  const value = (name: string, unit = 1) => {
    const text = String(data.get(name) ?? '').trim();
    return text === '' ? null : Math.round(Number(text) * unit);
  };
  const cores = String(data.get('cpuCores') ?? '').trim();
  return {
    maxContainers: value('maxContainers'),
    cpuCores: cores === '' ? null : Number(cores),
    memoryBytes: value('memoryBytes', gb),
    diskBytes: value('diskBytes', gb),
    backupBytes: value('backupBytes', gb),
    hostIds: before?.hostIds ?? null,
    templateIds: before?.templateIds ?? null,
  };
}
