'use client';
import { ChevronLeft, ChevronRight, RotateCw } from 'lucide-react';
import type { FileList } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { shown, trail } from './paths.ts';
import { pageEntries, type useFolder, type useView, type View } from './use-folder.ts';

type BarProps = Pick<ReturnType<typeof useView>, 'view' | 'setView' | 'go'> &
  Pick<ReturnType<typeof useFolder>, 'loading' | 'reload'> & { children: React.ReactNode };

/** Above a folder: where one is, look again, which names, and what else can be done here. */
export function FolderBar({ view, setView, go, loading, reload, children }: BarProps) {
  return (
    <div className="mb-3 flex flex-wrap items-center gap-2">
      <Trail path={view.path} onGo={go} />
      <Button size="icon" variant="quiet" aria-label={t('Look again')} pending={loading} onClick={reload}>
        <RotateCw aria-hidden />
      </Button>
      <input
        type="search"
        className="field min-h-9 w-56 max-sm:w-full"
        aria-label={t('Names that contain')}
        placeholder={t('Names that contain…')}
        value={view.match}
        maxLength={100}
        onChange={(event) => setView({ ...view, match: event.target.value, page: 0 })}
      />
      {children}
    </div>
  );
}

/** How many things are ticked, and what can be done with all of them. */
export function Chosen({ many, onNone, children }: { many: number; onNone: () => void; children: React.ReactNode }) {
  return (
    <div className="card mb-3 flex flex-wrap items-center gap-2 px-4 py-2" role="status">
      <span className="mr-auto text-[13px]">
        {t('{n, plural, one {# thing} other {# things}} chosen', { n: many })}
      </span>
      <Button size="small" onClick={onNone}>
        {t('Choose none')}
      </Button>
      {children}
    </div>
  );
}

/** Where one is, and the way back up. */
export function Trail({ path, onGo }: { path: string; onGo: (path: string) => void }) {
  const steps = [{ path: '/', name: '' }, ...trail(path)];
  return (
    <nav aria-label={t('Folder')} className="mr-auto min-w-0">
      <ol className="flex flex-wrap items-center text-[13.5px]">
        {steps.map((step, i) => (
          <li key={step.path} className="flex min-w-0 items-center">
            {i > 0 && <ChevronRight aria-hidden className="size-3.5 shrink-0 text-muted" />}
            <button
              type="button"
              aria-current={i === steps.length - 1 ? 'page' : undefined}
              className="min-h-9 rounded-control px-1.5 text-left [overflow-wrap:anywhere] hover:bg-sunk aria-[current]:font-semibold max-md:min-h-11"
              onClick={() => onGo(step.path)}
            >
              {i === 0 ? t('Files') : shown(step.name)}
            </button>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** Which part of a long folder is shown. */
export function Pages({ view, list, onPage }: { view: View; list: FileList; onPage: (page: number) => void }) {
  const from = view.page * pageEntries;
  if (list.total <= pageEntries && view.page === 0) return null;
  return (
    <nav aria-label={t('Pages')} className="mt-3 flex flex-wrap items-center justify-between gap-2">
      <span className="sub tabular-nums" role="status">
        {t('{first, number}–{last, number} of {total, number}', {
          first: from + 1,
          last: Math.min(from + pageEntries, list.total),
          total: list.total,
        })}
      </span>
      <span className="flex gap-2">
        <Button
          size="small"
          reason={view.page === 0 ? t('This is the first page.') : null}
          onClick={() => onPage(view.page - 1)}
        >
          <ChevronLeft aria-hidden /> {t('{what, select, other {Before}}', { what: 'page' })}
        </Button>
        <Button
          size="small"
          reason={list.nextCursor === null ? t('This is the last page.') : null}
          onClick={() => onPage(view.page + 1)}
        >
          {t('Next')} <ChevronRight aria-hidden />
        </Button>
      </span>
    </nav>
  );
}
