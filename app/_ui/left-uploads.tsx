'use client';
import type { ImportUpload } from '#lib/contract/transfers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { bytes } from './format.ts';
import { useCall } from './use-call.ts';

/** Uploads of archives that were cut off, or became nothing: each goes on with its file, or is given up. */
export function LeftUploads({
  uploads,
  planName,
  onGivenUp,
}: {
  uploads: readonly ImportUpload[];
  planName: (planId: string) => string;
  onGivenUp: () => void;
}) {
  const { run, pending } = useCall('imports.giveUp');
  if (uploads.length === 0) return null;
  const giveUp = async (id: string) => {
    if ((await run({ params: { id } })).ok) onGivenUp();
  };
  return (
    <section className="mb-4 rounded-control bg-sunk p-3.5" aria-label={t('Uploads that were cut off')}>
      <p className="text-[13px]">
        {t('What has come is kept for a day. Choose the same file and plan, and it goes on from there.')}
      </p>
      <ul>
        {uploads.map(({ id, fileName, planId, receivedBytes, sizeBytes }) => (
          <li key={id} className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1.5">
            <span className="mr-auto min-w-0 [overflow-wrap:anywhere]">
              <strong className="font-semibold">{fileName ?? t('A file')}</strong>{' '}
              <span className="sub tabular-nums">
                {t('{sent, select, other {{sent}}} of {whole}', {
                  sent: bytes(receivedBytes),
                  whole: bytes(sizeBytes),
                })}{' '}
                · {planName(planId)}
              </span>
            </span>
            <Button size="small" pending={pending} onClick={() => void giveUp(id)}>
              {t('Give up')}
            </Button>
          </li>
        ))}
      </ul>
    </section>
  );
}
