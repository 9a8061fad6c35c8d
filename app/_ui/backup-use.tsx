'use client';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { BackupSettings } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { BackupSettingsDialog } from './dialog-backup-settings.tsx';
import { bytes, bytesOf } from './format.ts';
import { Meter } from './meter.tsx';
import { Ago } from './time.tsx';

/** How much of the plan a container's backups take, and what happens at the limit. */
export function BackupUse({
  containerId,
  settings,
  mayConfigure,
}: {
  containerId: string;
  settings: BackupSettings;
  mayConfigure: boolean;
}) {
  const [open, setOpen] = useState(false);
  const { used, plan } = settings;
  return (
    <section className="card mb-4 grid gap-x-6 gap-y-3 px-4 py-3.5 sm:grid-cols-[1fr_1fr_auto]" aria-label={t('Use')}>
      <Meter
        label={t('Backups')}
        text={t('{used, number, ::group-off} of {whole, number, ::group-off}', {
          used: used.backups,
          whole: plan.maxBackups,
        })}
        used={used.backups}
        whole={Math.max(1, plan.maxBackups)}
      />
      {plan.maxBackupBytes === null ? (
        <p className="text-xs text-muted tabular-nums">
          {t('Space: {size}, without a limit', { size: bytes(used.bytes) })}
          {used.bytesAt !== null && ' · '}
          <Measured at={used.bytesAt} />
        </p>
      ) : (
        <div>
          <Meter
            label={t('Space')}
            text={bytesOf(used.bytes, plan.maxBackupBytes)}
            used={used.bytes}
            whole={plan.maxBackupBytes}
          />
          <p className="sub">
            <Measured at={used.bytesAt} />
          </p>
        </div>
      )}
      {mayConfigure && (
        <Button size="small" className="self-center" onClick={() => setOpen(true)}>
          <SlidersHorizontal aria-hidden /> {t('How they are kept…')}
        </Button>
      )}
      <p className="sub sm:col-span-3">
        {t(
          settings.atLimit === 'rotate'
            ? 'At the limit the oldest unprotected backup makes room for a new one.'
            : 'At the limit a new backup is refused.',
        )}{' '}
        {settings.deletedDays === 0
          ? t('Deleted ones are gone at once.')
          : t('Deleted ones can be had back for {n, plural, one {# day} other {# days}}.', { n: settings.deletedDays })}
      </p>
      {open && <BackupSettingsDialog containerId={containerId} settings={settings} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Measured({ at }: { at: string | null }) {
  if (at === null) return null;
  return rich('counted {ago}', { ago: <Ago key="ago" at={at} /> });
}
