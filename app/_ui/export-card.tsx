'use client';
import { FileArchive } from 'lucide-react';
import { useState } from 'react';
import type { z } from 'zod';
import type { Container, Verdict } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button, LinkButton } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { bytes } from './format.ts';
import { copyWords, Outcome } from './outcome.tsx';
import { Card } from './page.tsx';
import { Ago, Left } from './time.tsx';
import { useCall } from './use-call.ts';

/** The whole container in one file: what there is to be fetched, and the way to make a new one. */
export function ExportCard({
  container,
  latest,
  verdict,
}: {
  container: Pick<Container, 'id' | 'name' | 'state'>;
  /** The newest export of it, however it stands. */
  latest: Operation | null;
  verdict: z.infer<typeof Verdict>;
}) {
  const [asking, setAsking] = useState(false);
  const made = latest?.state === 'succeeded' ? fileOf(latest) : null;
  const busy = latest !== null && ['queued', 'running', 'undoing'].includes(latest.state);
  return (
    <Card title={t('The whole container as one file')} icon={FileArchive} className="mt-4">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <p className="min-w-0 grow basis-60 text-[13.5px] [overflow-wrap:anywhere]">
          {busy
            ? t('It is being made. It appears here when it is done.')
            : made === null || latest === null
              ? t('To take it elsewhere, or to make another container of it.')
              : rich('Made {ago}, {size}; to be fetched for another {left}.', {
                  ago: <Ago key="ago" at={latest.queuedAt} />,
                  size: bytes(made.bytes),
                  left: <Left key="left" until={made.expiresAt} />,
                })}
        </p>
        {made !== null && latest !== null && (
          <LinkButton href={`/api/v1/exports/${latest.id}/content`} download prefetch={false}>
            {t('Download')}
          </LinkButton>
        )}
        <Button
          reason={
            busy
              ? t('One is being made.')
              : verdict.allowed
                ? null
                : verdict.reason === null
                  ? t('Not possible now.')
                  : said(verdict.reason)
          }
          onClick={() => setAsking(true)}
        >
          {t('Export…')}
        </Button>
      </div>
      {asking && <ExportDialog container={container} replaces={made !== null} onClose={() => setAsking(false)} />}
    </Card>
  );
}

function fileOf({ result }: Operation): { bytes: number; expiresAt: string } | null {
  const { bytes: size, expiresAt } = result;
  if (typeof size !== 'number' || typeof expiresAt !== 'string') return null;
  return Date.parse(expiresAt) < Date.now() ? null : { bytes: size, expiresAt };
}

function ExportDialog({
  container,
  replaces,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name' | 'state'>;
  replaces: boolean;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.export', { quiet: true });
  return (
    <Dialog open onClose={onClose} title={t('Export {name}', { name: container.name })} sub={copyWords(container)}>
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={replaces ? [t('the file made before goes.')] : []}
          keeps={[t('the container, as it is.')]}
          undo={t('nothing to undo: the file goes by itself after a day.')}
        />
        <p className="mt-2 text-[13.5px]">
          {t('The file holds everything: passwords, keys, data. Keep it where only you can read it.')}
        </p>
      </div>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Not now')}</Button>
        <Button
          variant="primary"
          pending={pending}
          onClick={() => void run({ params: { id: container.id }, body: {} }).then((answer) => answer.ok && onClose())}
        >
          {t('Make the file')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
