'use client';
import { useState } from 'react';
import type { Host } from '#lib/contract/hosts.ts';
import { t } from '#lib/language/text.ts';
import { LoseHostDialog } from './dialog-lose-host.tsx';
import { RowMenuButton } from './row-menu.tsx';
import { useCall } from './use-call.ts';

/** What may be done to a host from its row. */
export function HostMenu({ host }: { host: Pick<Host, 'id' | 'name' | 'lostAt'> }) {
  const [losing, setLosing] = useState(false);
  const { run } = useCall('hosts.reuse');
  return (
    <div className="flex justify-end max-md:justify-start">
      <RowMenuButton
        label={t('Actions for {name}', { name: host.name })}
        items={[
          { label: t('Mark as lost…'), danger: true, onSelect: () => setLosing(true) },
          ...(host.lostAt === null
            ? []
            : [{ label: t('Take into use again'), onSelect: () => void run({ params: { id: host.id } }) }]),
        ]}
      />
      {losing && <LoseHostDialog host={host} onClose={() => setLosing(false)} />}
    </div>
  );
}
