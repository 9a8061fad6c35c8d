'use client';
import { SlidersHorizontal } from 'lucide-react';
import { useState } from 'react';
import type { BackupSettings } from '#lib/contract/backups.ts';
import { Button } from './button.tsx';
import { BackupSettingsDialog } from './dialog-backup-settings.tsx';
import { bytes, bytesOf, count } from './format.ts';
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
    <section className="card mb-4 grid gap-x-6 gap-y-3 px-4 py-3.5 sm:grid-cols-[1fr_1fr_auto]" aria-label="Use">
      <Meter
        label="Backups"
        text={`${used.backups} of ${plan.maxBackups}`}
        used={used.backups}
        whole={Math.max(1, plan.maxBackups)}
      />
      {plan.maxBackupBytes === null ? (
        <p className="text-xs text-muted tabular-nums">
          Space: {bytes(used.bytes)}, without a limit
          <Measured at={used.bytesAt} />
        </p>
      ) : (
        <div>
          <Meter
            label="Space"
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
          <SlidersHorizontal aria-hidden /> How they are kept…
        </Button>
      )}
      <p className="sub sm:col-span-3">
        {settings.atLimit === 'rotate'
          ? 'At the limit the oldest unprotected backup makes room for a new one. '
          : 'At the limit a new backup is refused. '}
        {settings.deletedDays === 0
          ? 'Deleted ones are gone at once.'
          : `Deleted ones can be had back for ${count(settings.deletedDays, 'day')}.`}
      </p>
      {open && <BackupSettingsDialog containerId={containerId} settings={settings} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Measured({ at }: { at: string | null }) {
  if (at === null) return null;
  return (
    <>
      {' '}
      counted <Ago at={at} />
    </>
  );
}
