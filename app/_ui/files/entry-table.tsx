'use client';
import { ArrowDown, ArrowUp, CornerDownRight, File as FileIcon, FileSymlink, Folder, HardDrive } from 'lucide-react';
import type { FileEntry, FileKind } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { ActionsHead } from '../actions-head.tsx';
import { cx } from '../cx.ts';
import { bytes } from '../format.ts';
import { type MenuItem, RowMenuButton } from '../row-menu.tsx';
import { At } from '../time.tsx';
import { decode, modeWords, shown } from './paths.ts';
import type { Sort, View } from './use-folder.ts';

const icons: Record<FileKind, typeof FileIcon> = {
  file: FileIcon,
  folder: Folder,
  link: FileSymlink,
  pipe: CornerDownRight,
  socket: CornerDownRight,
  device: HardDrive,
};
const kindNames = {
  file: 'file',
  folder: 'folder',
  link: 'link',
  pipe: 'pipe',
  socket: 'socket',
  device: 'device',
} as const satisfies Record<FileKind, string>;

type Props = {
  items: readonly FileEntry[];
  view: View;
  onSort: (sort: Sort) => void;
  onOpen: (entry: FileEntry) => void;
  menu: (entry: FileEntry) => readonly MenuItem[];
  /** Names (base64) that are ticked; without it nothing can be. */
  ticked?: ReadonlySet<string>;
  onTick?: ((names: readonly string[], on: boolean) => void) | undefined;
};

export function EntryTable({ items, view, onSort, onOpen, menu, ticked, onTick }: Props) {
  const all = items.length > 0 && items.every(({ name }) => ticked?.has(name));
  const head = { view, onSort };
  return (
    <table className="table">
      <thead>
        <tr>
          {ticked && (
            <th scope="col" className="w-10">
              <Tick
                label={t('All on this page')}
                on={all}
                onChange={(on) =>
                  onTick?.(
                    items.map(({ name }) => name),
                    on,
                  )
                }
              />
            </th>
          )}
          <Head {...head} sort="name" label={t('Name')} />
          <Head {...head} sort="size" label={t('Size')} num />
          <Head {...head} sort="modified" label={t('Changed')} />
          <th scope="col">{t('Owner')}</th>
          <th scope="col">{t('Permissions')}</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {items.map((entry) => (
          <Row
            key={entry.name}
            {...{ entry, onOpen, menu, onTick }}
            ticked={ticked === undefined ? undefined : ticked.has(entry.name)}
          />
        ))}
      </tbody>
    </table>
  );
}

function Row({
  entry,
  onOpen,
  menu,
  ticked,
  onTick,
}: Pick<Props, 'onOpen' | 'menu' | 'onTick'> & { entry: FileEntry; ticked: boolean | undefined }) {
  const Icon = icons[entry.kind];
  const name = shown(decode(entry.name));
  const kind = entry.leadsTo ?? entry.kind;
  const size = kind === 'file' && entry.kind !== 'link' ? bytes(entry.size) : null;
  const owner = `${entry.user ?? entry.uid}:${entry.group ?? entry.gid}`;
  return (
    <tr className={cx('max-md:flex max-md:items-start max-md:gap-3', ticked && 'bg-brand-soft/40')}>
      {ticked !== undefined && (
        <td>
          <Tick label={t('Choose {name}', { name })} on={ticked} onChange={(on) => onTick?.([entry.name], on)} />
        </td>
      )}
      <td className="max-md:min-w-0 max-md:flex-1 md:max-w-96">
        <div className="flex min-w-0 items-start gap-2">
          <Icon
            aria-hidden
            className={cx('mt-0.5 size-4 shrink-0', entry.kind === 'folder' ? 'text-brand' : 'text-muted')}
          />
          <div className="min-w-0">
            <button
              type="button"
              className="text-left font-[550] [overflow-wrap:anywhere] hover:underline max-md:min-h-8"
              aria-label={entry.kind === 'file' ? undefined : `${name}, ${t(kindNames[entry.kind])}`}
              onClick={() => onOpen(entry)}
            >
              {name}
            </button>
            {entry.target !== null && (
              <div className="sub [overflow-wrap:anywhere]">
                {t('leads to {path}', { path: shown(decode(entry.target)) })}
                {entry.leadsTo === null && <span className="text-warn"> ({t('nothing is there')})</span>}
              </div>
            )}
            {/* On a phone in one line: a folder of twenty files is otherwise eight screens long. */}
            <div className="sub [overflow-wrap:anywhere] md:hidden">
              {size !== null && `${size} · `}
              <At at={entry.modifiedAt} /> · {owner} · <span className="font-mono">{modeWords(entry.mode)}</span>
            </div>
          </div>
        </div>
      </td>
      <td className="num max-md:hidden">{size ?? '–'}</td>
      <td className="max-md:hidden">
        <At at={entry.modifiedAt} />
      </td>
      <td className="[overflow-wrap:anywhere] max-md:hidden">{owner}</td>
      <td className="font-mono text-[12.5px] max-md:hidden">{modeWords(entry.mode)}</td>
      <td>
        <RowMenuButton label={t('Actions for {name}', { name })} items={menu(entry)} />
      </td>
    </tr>
  );
}

function Head({
  label,
  sort,
  num,
  view,
  onSort,
}: {
  label: string;
  sort: Sort;
  num?: boolean;
} & Pick<Props, 'view' | 'onSort'>) {
  const here = view.sort === sort;
  const Arrow = view.descending ? ArrowDown : ArrowUp;
  return (
    <th
      scope="col"
      className={cx(num && 'num')}
      aria-sort={here ? (view.descending ? 'descending' : 'ascending') : 'none'}
    >
      <button type="button" className="inline-flex items-center gap-1 hover:text-text" onClick={() => onSort(sort)}>
        {label}
        {here && <Arrow aria-hidden className="size-3.5" />}
      </button>
    </th>
  );
}

function Tick({ label, on, onChange }: { label: string; on: boolean; onChange: (on: boolean) => void }) {
  return (
    <input
      type="checkbox"
      aria-label={label}
      className="size-4 accent-(--brand) max-md:size-6"
      checked={on}
      onChange={(event) => onChange(event.target.checked)}
    />
  );
}
