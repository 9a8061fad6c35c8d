'use client';
import { useState } from 'react';
import type { BackupLocation } from '#lib/contract/locations.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ActionsHead } from './actions-head.tsx';
import { ChangeLocationDialog, RemoveLocationDialog } from './location-form.tsx';
import { locationKinds, safetyOf } from './location-words.ts';
import { RowMenuButton, RowMenuProvider } from './row-menu.tsx';

type Asked = { location: BackupLocation; what: 'change' | 'remove' };

/** Locations, with what is safe about each. `mine` tells which ones the reader may change. */
export function LocationTable({ locations, mine }: { locations: readonly BackupLocation[]; mine: readonly string[] }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  // The heading of how, not what a container shows while it goes.
  const deletion = t('{of, select, other {Deleting}}', { of: 'location' });
  return (
    <RowMenuProvider>
      <div className="card">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('Location')}</th>
              <th scope="col">{t('Kind')}</th>
              <th scope="col">{deletion}</th>
              <th scope="col" className="num">
                {t('Backups')}
              </th>
              <ActionsHead />
            </tr>
          </thead>
          <tbody>
            {locations.map((location) => (
              <tr key={location.id}>
                <td className="[overflow-wrap:anywhere] md:max-w-80">
                  <span className="font-semibold">{said(location.name)}</span>
                  <div className="sub">
                    {t(location.tenantId === null ? "The provider's" : "The tenant's own")}
                    {location.isDefault && ` · ${t('used unless another is chosen')}`}
                  </div>
                  {location.address !== null && <div className="sub font-mono text-xs">{location.address}</div>}
                </td>
                <td data-label={t('Kind')}>
                  {t(locationKinds[location.kind])}
                  <div className={location.offsite ? 'sub' : 'sub text-warn'}>{safetyOf(location)}</div>
                </td>
                <td data-label={deletion}>
                  {t(location.appendOnly ? 'Append-only' : 'At once')}
                  {location.pendingPrune > 0 && (
                    <div className="sub">{t('{n} pending prune', { n: location.pendingPrune })}</div>
                  )}
                </td>
                <td className="num" data-label={t('Backups')}>
                  {location.backups}
                </td>
                <td className="max-md:pt-2">
                  {mine.includes(location.id) && (
                    <div className="flex justify-end max-md:justify-start">
                      <RowMenuButton
                        label={t('Actions for {name}', { name: location.name })}
                        items={[
                          { label: t('Change…'), onSelect: () => setAsked({ location, what: 'change' }) },
                          {
                            label: t('Remove…'),
                            danger: true,
                            reason: location.isDefault ? t('It is the default location.') : null,
                            onSelect: () => setAsked({ location, what: 'remove' }),
                          },
                        ]}
                      />
                    </div>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {asked?.what === 'change' && <ChangeLocationDialog location={asked.location} onClose={close} />}
      {asked?.what === 'remove' && <RemoveLocationDialog location={asked.location} onClose={close} />}
    </RowMenuProvider>
  );
}
