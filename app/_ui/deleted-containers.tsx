'use client';
import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button, LinkButton } from './button.tsx';
import { UndeleteDialog } from './dialog-undelete.tsx';
import { Card } from './page.tsx';
import { Ago, Left } from './time.tsx';

/** Deleted containers that can be had back, by name. */
export function DeletedContainers({
  containers,
  mayUndelete,
  staff = false,
}: {
  containers: readonly Container[];
  mayUndelete: boolean;
  staff?: boolean;
}) {
  const [asked, setAsked] = useState<Container | null>(null);
  if (containers.length === 0) return null;
  return (
    <Card title={t('Recently deleted')} icon={Trash2} flush className="mt-4">
      <ul className="divide-y divide-line">
        {containers.map((container) => (
          <li key={container.id} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
            <span className="mr-auto min-w-0 [overflow-wrap:anywhere]">
              <strong className="font-semibold">{container.name}</strong>{' '}
              {container.deleted !== null && (
                <span className="sub">
                  {staff && `${t('of {tenant}', { tenant: container.tenantName })} · `}
                  {rich(container.deleted.lost ? 'lost with its server {ago}' : 'deleted {ago}', {
                    ago: <Ago key="ago" at={container.deleted.at} />,
                  })}{' '}
                  · {t('{n, plural, one {# backup} other {# backups}}', { n: container.deleted.backups })} ·{' '}
                  {rich('gone for good in {left}', {
                    left: <Left key="left" until={container.deleted.until} dative />,
                  })}
                </span>
              )}
            </span>
            {container.deleted !== null && container.deleted.backups > 0 && (
              <LinkButton size="small" href={`/containers/${container.id}/backups`}>
                {t('Backups')}
              </LinkButton>
            )}
            {mayUndelete && (
              <Button
                size="small"
                reason={container.deleted?.backups === 0 ? t('It has no complete backup any more.') : null}
                onClick={() => setAsked(container)}
              >
                {t('Have it back…')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {asked !== null && <UndeleteDialog container={asked} onClose={() => setAsked(null)} />}
    </Card>
  );
}
