'use client';
import { Ban } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { type BindingHold, holdWords } from '#lib/contract/holds.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Notice } from '../page.tsx';
import { At } from '../time.tsx';
import { inSentence } from './in-sentence.ts';

/** Above every page of those whom a hold binds: why, since when, what is still possible, who ends it. */
export function HoldBanner({ holds }: { holds: readonly BindingHold[] }) {
  const path = usePathname();
  const own = holds.filter((one) => one.containerId === null);
  // On the pages of the container itself its own notice says it, and more.
  const single = holds.filter((one) => one.containerId !== null && !path.startsWith(`/containers/${one.containerId}`));
  const several = new Set(own.map((one) => one.tenantName)).size > 1;
  return (
    <>
      {own.map((hold) => (
        <Notice
          key={hold.id}
          tone="bad"
          icon={Ban}
          title={
            <>
              {rich(several ? 'The account {name} is on hold since {at}:' : 'Your account is on hold since {at}:', {
                name: hold.tenantName,
                at: <At key="at" at={hold.placedAt} />,
              })}{' '}
              {inSentence(said(holdWords[hold.reason].title))}
            </>
          }
        >
          <HoldWords hold={hold} over="account" />
        </Notice>
      ))}
      {single.length > 0 && (
        <Notice
          tone="bad"
          icon={Ban}
          title={
            single.length === 1 ? t('A container is on hold') : t('{n} containers are on hold', { n: single.length })
          }
        >
          {single.map((hold, n) => (
            <span key={hold.id}>
              {n > 0 && ', '}
              <Link
                className="font-[550] text-text underline underline-offset-3"
                href={`/containers/${hold.containerId}`}
              >
                {hold.containerName}
              </Link>
            </span>
          ))}
          {t(': it can only be looked at until that is lifted. Its page says why.')}
        </Notice>
      )}
    </>
  );
}

const meanwhile = {
  account: { stopped: 'Containers are stopped meanwhile.', running: 'Containers are left running as before.' },
  container: { stopped: 'It is stopped meanwhile.', running: 'It is left running as before.' },
} as const;

/** What a hold means to those whom it binds. The message is whoever placed it speaking; the rest is what is always so. */
export function HoldWords({
  hold: { reason, message, stop },
  over,
}: {
  hold: Pick<BindingHold, 'reason' | 'message' | 'stop'>;
  over: 'account' | 'container';
}) {
  return (
    <>
      {message !== null && (
        <p className="my-1 border-l-2 border-line pl-2 whitespace-pre-line text-text [overflow-wrap:anywhere]">
          {message}
        </p>
      )}
      <p>
        {t(meanwhile[over][stop ? 'stopped' : 'running'])}{' '}
        {t(
          'Files and backups are kept. You can still look at everything in the panel and ask for help; nothing can be started, changed or deleted.',
        )}{' '}
        {said(holdWords[reason].lifted)} {stop && t('What ran before is then started again by itself.')}
      </p>
    </>
  );
}
