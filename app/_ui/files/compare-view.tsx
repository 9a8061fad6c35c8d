'use client';
import { FileCheck2 } from 'lucide-react';
import { useState } from 'react';
import type { Backup, BackupComparison } from '#lib/contract/backups.ts';
import type { Heap } from '#lib/contract/files.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { useBackupLabel } from '../backup-name.tsx';
import { Button, LinkButton } from '../button.tsx';
import { SelectField } from '../form.tsx';
import { bytes } from '../format.ts';
import { Empty } from '../page.tsx';
import { useAnswer } from '../use-answer.ts';
import { Trail } from './folder-bar.tsx';
import { NoAnswer } from './folder-card.tsx';
import { decode, encode, join, shown } from './paths.ts';

type Other = Pick<Backup, 'id' | 'name' | 'createdAt'>;

/** What came, changed and went between a backup and another, or now; folder by folder. */
export function CompareView({
  containerId,
  backupId,
  others,
}: {
  containerId: string;
  backupId: string;
  others: readonly Other[];
}) {
  const [other, setOther] = useState('now');
  const [path, setPath] = useState('/');
  const labelOf = useBackupLabel();
  const { found, problem, again } = useAnswer('backups.compare', {
    params: { id: backupId },
    query: { with: other, path: encode(path) },
  });
  const options = [
    { value: 'now', label: t('what is there now') },
    ...others.map((one) => ({ value: one.id, label: labelOf(one) })),
  ];

  return (
    <>
      <div className="mb-3 flex flex-wrap items-end gap-2">
        <Trail path={path} onGo={setPath} />
        <SelectField
          name="with"
          label={t('Compared with')}
          value={other}
          options={options}
          onChange={(event) => setOther(event.target.value)}
        />
        <LinkButton href={`/containers/${containerId}/backups/${backupId}`}>{t('All files of the backup')}</LinkButton>
      </div>
      {found !== null && (
        <p className="sub mb-2" role="status">
          {t(
            '{added, plural, one {# thing} other {# things}} came, {changed, number} changed, {removed, number} went; {same, number} are the same.',
            {
              added: found.added.count,
              changed: found.changed.count,
              removed: found.removed.count,
              same: found.same,
            },
          )}
          {!found.whole && ` ${t('There is more than could be looked through.')}`}
        </p>
      )}
      <div className="card" aria-busy={found === null && problem === null}>
        {found === null && (
          <NoAnswer problem={problem} action={<Button onClick={again}>{t('Try again')}</Button>}>
            {t('Comparing {path}…', { path: shown(path) })}
          </NoAnswer>
        )}
        {found?.folders.length === 0 && (
          <Empty icon={FileCheck2} title={t('Nothing differs')}>
            {t('Size, time, owner and permissions of everything in here are the same.')}
          </Empty>
        )}
        {found !== null && found.folders.length > 0 && (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Name')}</th>
                <th scope="col" className="num">
                  {t('Came')}
                </th>
                <th scope="col" className="num">
                  {t('Changed')}
                </th>
                <th scope="col" className="num">
                  {t('Went')}
                </th>
              </tr>
            </thead>
            <tbody>
              {found.folders.map((item) => (
                <tr key={item.name}>
                  <td className="[overflow-wrap:anywhere] md:max-w-96">
                    <Name item={item} onOpen={() => setPath(join(path, decode(item.name)))} />
                  </td>
                  <HeapCell label={t('Came')} heap={item.added} />
                  <HeapCell label={t('Changed')} heap={item.changed} />
                  <HeapCell label={t('Went')} heap={item.removed} />
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </>
  );
}

function Name({ item, onOpen }: { item: BackupComparison['folders'][number]; onOpen: () => void }) {
  if (item.name === '') return <span className="font-[550]">{t('the folder itself')}</span>;
  const name = shown(decode(item.name));
  if (item.kind !== 'folder') return <span className="font-[550]">{name}</span>;
  return (
    <button type="button" className="text-left font-[550] hover:underline max-md:min-h-8" onClick={onOpen}>
      {name}/
    </button>
  );
}

function HeapCell({ label, heap }: { label: string; heap: Heap }) {
  return (
    <td className="num" data-label={label}>
      {heap.count === 0 ? '–' : heap.count.toLocaleString(spoken())}
      {heap.bytes > 0 && <div className="sub max-md:inline"> {bytes(heap.bytes)}</div>}
    </td>
  );
}
