'use client';
import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileEdit, TrashItem } from '#lib/contract/files.ts';
import { rich, t } from '#lib/language/text.ts';
import { call, problemOf } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { bytes } from '../format.ts';
import { Ago } from '../time.tsx';
import { useCall } from '../use-call.ts';
import { decode, shown } from './paths.ts';

/** What was deleted: put back, or gone for good. */
export function TrashDialog({
  containerId,
  onClose,
  onDone,
}: {
  containerId: string;
  onClose: () => void;
  onDone: () => void;
}) {
  const [items, setItems] = useState<TrashItem[] | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const [sure, setSure] = useState(false);
  const { run, pending, problem } = useCall('files.change', { quiet: true });
  const load = useCallback(() => {
    call('files.trash', { params: { id: containerId } }).then(
      (found) => setItems(found.items),
      (error: unknown) => setUnread(problemOf(error)),
    );
  }, [containerId]);
  useEffect(load, [load]);

  const change = async (body: FileEdit) => {
    const answer = await run({ params: { id: containerId }, body });
    setSure(false);
    load();
    if (answer.ok) onDone();
  };
  const used = (items ?? []).reduce((sum, item) => sum + (item.bytes ?? 0), 0);
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('Trash')}
      sub={t('What is here takes up space in the container until it is emptied.')}
    >
      {items === null && unread === null && <p role="status">{t('Looking into the trash…')}</p>}
      {items?.length === 0 && <p className="py-6 text-center text-muted">{t('Nothing has been deleted here.')}</p>}
      {items !== null && items.length > 0 && (
        <ul className="divide-y divide-line">
          {items.map((item) => (
            <li key={item.id} className="flex flex-wrap items-center gap-2 py-2">
              <div className="min-w-0 flex-1 basis-56">
                <p className="font-[550] [overflow-wrap:anywhere]">{shown(decode(item.path))}</p>
                <p className="sub">
                  {t(item.kind === 'folder' ? 'Folder' : 'File')},{' '}
                  {item.bytes === null ? t('large') : bytes(item.bytes)},{' '}
                  {rich('deleted {ago}', { ago: <Ago key="ago" at={item.deletedAt} /> })}
                </p>
              </div>
              <Button
                size="small"
                pending={pending}
                aria-label={t('Put back {name}', { name: shown(decode(item.path)) })}
                onClick={() => void change({ action: 'put-back', ids: [item.id] })}
              >
                {t('Put back')}
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-3">
        <FormProblem problem={problem ?? unread} />
      </div>
      {sure && (
        <p className="mt-3 font-[550] text-bad">
          {t('{n, plural, one {# thing} other {# things}}, {size}: gone for good, and this cannot be undone.', {
            n: items?.length ?? 0,
            size: bytes(used),
          })}
        </p>
      )}
      <DialogFoot>
        <Button onClick={onClose}>{t('Close')}</Button>
        {items !== null && items.length > 0 && (
          <Button
            variant="danger"
            pending={pending}
            onClick={() => (sure ? void change({ action: 'empty-trash' }) : setSure(true))}
          >
            {t(sure ? 'Yes, empty it' : 'Empty trash…')}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}
