'use client';
import { ScanSearch, TriangleAlert } from 'lucide-react';
import type { BackupCheck } from '#lib/contract/backups.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Card } from './page.tsx';
import { Ago } from './time.tsx';
import { useCall } from './use-call.ts';

type Found = BackupCheck['found'][number];

const kinds = {
  config: 'the description of the store',
  key: 'a key file',
  index: 'an index',
  snapshot: 'the record of a backup',
  pack: 'a pack of data',
  layer: 'system files of a template',
  lock: 'a left-over lock',
  copy: 'a spare copy',
} as const satisfies Record<Found['what'], string>;

const outcomes = {
  yes: 'put right',
  'next-backup': 'taken out; the next backup stores it again if the container still has it',
  no: 'there is no other copy',
} as const satisfies Record<Found['healed'], string>;

/** How the place where the backups lie is read back, a part each day, and what was found there. */
export function BackupCheckCard({
  containerId,
  check,
  mayTest,
  any,
}: {
  containerId: string;
  check: BackupCheck;
  mayTest: boolean;
  any: boolean;
}) {
  const { run, pending } = useCall('backups.checkNow');
  const { days, part, lastAt, roundEndedAt, problem, found } = check;
  return (
    <Card title={t('Read back')} icon={ScanSearch} className="mt-4">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-3">
        <div className="mr-auto grid min-w-0 gap-1">
          <p>
            {t(
              'Everything that your backups need is read and compared once in {days} days, a part each day. A new backup is read back at once.',
              { days },
            )}
          </p>
          <p className="sub">
            {lastAt === null
              ? t('The first part is due a day after the first backup.')
              : rich('Last {ago}', { ago: <Ago key="ago" at={lastAt} /> })}
            {part.done > 0 && ` · ${t('{done} of {of} parts of this round', part)}`}
            {roundEndedAt !== null && <> · {rich('all of it {ago}', { ago: <Ago key="ago" at={roundEndedAt} /> })}</>}
          </p>
          {problem !== null && (
            <p className="flex items-start gap-1.5 text-[13px] font-[550] text-warn">
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />{' '}
              {t('The last one could not be done: {problem}', { problem: said(problem) })}
            </p>
          )}
          {found.length > 0 && (
            <ul className="mt-1 grid gap-1 text-[13px]">
              {found.slice(0, 5).map((one) => (
                <li key={`${one.at} ${one.what} ${one.name}`} className="[overflow-wrap:anywhere]">
                  {rich('{ago}: {what} was damaged (<code>{name}</code>): {outcome}', {
                    ago: <Ago key="ago" at={one.at} />,
                    what: t(kinds[one.what]),
                    name: one.name.slice(0, 12),
                    outcome: t(outcomes[one.healed]),
                    code: (inner) => <code key="code">{inner}</code>,
                  })}
                </li>
              ))}
            </ul>
          )}
        </div>
        {mayTest && (
          <Button
            size="small"
            pending={pending}
            reason={any ? null : t('There is no backup yet.')}
            onClick={() => void run({ params: { id: containerId }, body: {} })}
          >
            {t('Read all back now')}
          </Button>
        )}
      </div>
    </Card>
  );
}
