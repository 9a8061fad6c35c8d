'use client';
import { FileCheck2, Wrench } from 'lucide-react';
import Link from 'next/link';
import { useState } from 'react';
import type { ChangedThing } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { ActionsHead } from '../actions-head.tsx';
import { Badge } from '../badge.tsx';
import { Button } from '../button.tsx';
import { bytes } from '../format.ts';
import { Empty } from '../page.tsx';
import { useAnswer } from '../use-answer.ts';
import { WhenOver } from '../when-over.tsx';
import type { Tone } from '../words.ts';
import { Trail } from './folder-bar.tsx';
import { NoAnswer } from './folder-card.tsx';
import { decode, encode, join, shown } from './paths.ts';
import { RecoverDialog } from './recover-dialog.tsx';

const words = {
  new: { word: 'New', tone: 'busy' },
  changed: { word: 'Changed', tone: 'warn' },
  deleted: { word: 'Deleted', tone: 'bad' },
} as const satisfies Record<string, { word: string; tone: Tone }>;

/** What differs from the template, folder by folder, what takes up most space first; and the way back. */
export function ChangesView({ containerId, mayChange }: { containerId: string; mayChange: boolean }) {
  const [path, setPath] = useState('/');
  const [asked, setAsked] = useState<{ path: string | null } | null>(null);
  const [recovering, setRecovering] = useState<Operation | null>(null);
  const { found, problem, again } = useAnswer('containers.changes', {
    params: { id: containerId },
    query: { path: encode(path) },
  });

  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Trail path={path} onGo={setPath} />
        <Link
          href={`/containers/${containerId}/files`}
          className="px-2 text-[13.5px] underline decoration-line underline-offset-3 hover:decoration-current"
        >
          {t('All files')}
        </Link>
        {mayChange && (
          <Button onClick={() => setAsked({ path: null })}>
            <Wrench aria-hidden /> {t('Recover all system files…')}
          </Button>
        )}
      </div>
      <div className="card" aria-busy={found === null && problem === null}>
        {found === null && (
          <NoAnswer problem={problem} action={<Button onClick={again}>{t('Try again')}</Button>}>
            {t('Comparing {path} with the template…', { path: shown(path) })}
          </NoAnswer>
        )}
        {found?.items.length === 0 && (
          <Empty icon={FileCheck2} title={t('As the template has it')}>
            {t('Nothing here was added, changed or deleted.')}
          </Empty>
        )}
        {found !== null && found.items.length > 0 && (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Name')}</th>
                <th scope="col">{t('Difference')}</th>
                <th scope="col" className="num">
                  {t('Takes up')}
                </th>
                <ActionsHead />
              </tr>
            </thead>
            <tbody>
              {found.items.map((item) => (
                <Row
                  key={item.name}
                  item={item}
                  onOpen={() => setPath(join(path, decode(item.name)))}
                  onRecover={mayChange ? () => setAsked({ path: join(path, decode(item.name)) }) : null}
                />
              ))}
            </tbody>
          </table>
        )}
      </div>
      {found !== null && !found.whole && (
        <p className="sub mt-2">{t('There are more differences than could be looked through.')}</p>
      )}
      {recovering !== null && <WhenOver key={recovering.id} operation={recovering} then={again} />}
      {asked !== null && (
        <RecoverDialog
          containerId={containerId}
          path={asked.path}
          onClose={() => setAsked(null)}
          onAsked={setRecovering}
        />
      )}
    </>
  );
}

function Row({ item, onOpen, onRecover }: { item: ChangedThing; onOpen: () => void; onRecover: (() => void) | null }) {
  const name = shown(decode(item.name));
  const inside = item.kind === 'folder' && item.count > (item.difference === null ? 0 : 1);
  return (
    <tr>
      <td className="[overflow-wrap:anywhere] md:max-w-96">
        {inside ? (
          <button type="button" className="text-left font-[550] hover:underline max-md:min-h-8" onClick={onOpen}>
            {name}/
          </button>
        ) : (
          <span className="font-[550]">{name}</span>
        )}
      </td>
      <td data-label={t('Difference')}>
        {item.difference === null ? (
          <span className="text-muted">
            {t('{n, plural, one {# difference} other {# differences}} in it', { n: item.count })}
          </span>
        ) : (
          <Badge tone={words[item.difference].tone}>{t(words[item.difference].word)}</Badge>
        )}
      </td>
      <td className="num" data-label={t('Takes up')}>
        {bytes(item.bytes)}
      </td>
      <td className="max-md:pt-2">
        {onRecover !== null && item.difference !== 'new' && (
          <div className="flex justify-end max-md:justify-start">
            <Button size="small" aria-label={t('Recover {name}', { name })} onClick={onRecover}>
              {t('Recover…')}
            </Button>
          </div>
        )}
      </td>
    </tr>
  );
}
