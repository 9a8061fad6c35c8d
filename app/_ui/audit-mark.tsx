'use client';
import { ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { type AuditEntry, AuditVerification } from '#lib/contract/audit.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Notice } from './page.tsx';
import { Ago } from './time.tsx';
import { useCall } from './use-call.ts';

/** Whether the record is whole, as it was found last, and the way to find out now. */
export function AuditMark({ last }: { last: AuditEntry | null }) {
  const verify = useCall('audit.verify');
  const [fresh, setFresh] = useState<AuditVerification | null>(null);
  const now = () =>
    void verify.run({}).then((answer) => {
      if (answer.ok) setFresh(AuditVerification.parse(answer.value));
    });
  const again = (
    <Button size="small" pending={verify.pending} onClick={now}>
      {t('Verify now')}
    </Button>
  );
  return (
    <div aria-live="polite">
      {fresh !== null ? (
        <Result result={fresh} action={again} />
      ) : last === null ? (
        <Notice tone="idle" icon={ShieldQuestion} title={t('Nobody has verified this record yet')} action={again}>
          {t('Each entry is sealed with the one before it, and every hour the hosts are given the last seal to keep.')}
        </Notice>
      ) : (
        <Notice
          tone={last.outcome === 'allowed' ? 'good' : 'bad'}
          icon={last.outcome === 'allowed' ? ShieldCheck : ShieldAlert}
          title={rich(last.outcome === 'allowed' ? 'Found whole {ago}' : 'Found changed or cut {ago}', {
            ago: <Ago key="ago" at={last.at} />,
          })}
          action={again}
        >
          {t('{entries} entries, compared with {hosts} hosts, by {name}.', {
            entries: Number(last.detail.entries),
            hosts: Number(last.detail.hosts),
            name: last.actor.name,
          })}
          {last.outcome !== 'allowed' && ` ${t('Verify again to see which entries are concerned.')}`}
        </Notice>
      )}
    </div>
  );
}

function Result({ result, action }: { result: AuditVerification; action: React.ReactNode }) {
  const silent = result.hosts.filter((host) => !host.answered).map((host) => host.name);
  const seen = {
    entries: result.entries,
    hosts: result.hosts.length - silent.length,
    heads: result.hosts.reduce((sum, host) => sum + host.heads, 0),
  };
  return (
    <Notice
      tone={result.ok ? 'good' : 'bad'}
      icon={result.ok ? ShieldCheck : ShieldAlert}
      title={
        result.ok ? t('The record is whole') : t('The record is not whole: {n} findings', { n: result.problemCount })
      }
      action={action}
    >
      <p>
        {result.ok
          ? t('{entries} entries and {heads} seals kept by {hosts} hosts fit together.', seen)
          : t(
              '{entries} entries and {heads} seals kept by {hosts} hosts fit together, but for what follows.',
              seen,
            )}{' '}
        {result.waiting > 0 && `${t('{n} wait to be sealed.', { n: result.waiting })} `}
        {silent.length > 0 && t('Not asked, because they do not answer: {names}.', { names: silent.join(', ') })}
      </p>
      {result.problems.length > 0 && (
        <ul className="mt-2 grid gap-1">
          {result.problems.map((problem) => (
            <li
              key={`${problem.kind} ${problem.seq} ${problem.entryId} ${problem.detail}`}
              className="[overflow-wrap:anywhere]"
            >
              {said(problem.detail)}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
