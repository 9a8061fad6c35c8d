'use client';
import { useState } from 'react';
import type { BackupLocation } from '#lib/contract/rest.ts';
import { ChangeLocationDialog, RemoveLocationDialog } from './location-form.tsx';
import { locationKinds, safetyOf } from './location-words.ts';
import { RowMenuButton, RowMenuProvider } from './row-menu.tsx';

type Asked = { location: BackupLocation; what: 'change' | 'remove' };

/** Locations, with what is safe about each. `mine` tells which ones the reader may change. */
export function LocationTable({ locations, mine }: { locations: readonly BackupLocation[]; mine: readonly string[] }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const close = () => setAsked(null);
  return (
    <RowMenuProvider>
      <div className="card">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Location</th>
              <th scope="col">Kind</th>
              <th scope="col">Deleting</th>
              <th scope="col" className="num">
                Backups
              </th>
              <th scope="col">
                <span className="sr-only">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {locations.map((location) => (
              <tr key={location.id}>
                <td className="[overflow-wrap:anywhere] md:max-w-80">
                  <span className="font-semibold">{location.name}</span>
                  <div className="sub">
                    {location.tenantId === null ? "The provider's" : "The tenant's own"}
                    {location.isDefault && ' · used unless another is chosen'}
                  </div>
                  {location.address !== null && <div className="sub font-mono text-xs">{location.address}</div>}
                </td>
                <td data-label="Kind">
                  {locationKinds[location.kind]}
                  <div className={location.offsite ? 'sub' : 'sub text-warn'}>{safetyOf(location)}</div>
                </td>
                <td data-label="Deleting">
                  {location.appendOnly ? 'Append-only' : 'At once'}
                  {location.pendingPrune > 0 && <div className="sub">{location.pendingPrune} pending prune</div>}
                </td>
                <td className="num" data-label="Backups">
                  {location.backups}
                </td>
                <td className="max-md:pt-2">
                  {mine.includes(location.id) && (
                    <div className="flex justify-end max-md:justify-start">
                      <RowMenuButton
                        label={`Actions for ${location.name}`}
                        items={[
                          { label: 'Change…', onSelect: () => setAsked({ location, what: 'change' }) },
                          {
                            label: 'Remove…',
                            danger: true,
                            reason: location.isDefault ? 'It is the default location.' : null,
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
