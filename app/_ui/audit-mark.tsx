'use client';
import { ShieldAlert, ShieldCheck, ShieldQuestion } from 'lucide-react';
import { useState } from 'react';
import { type AuditEntry, AuditVerification } from '#lib/contract/audit.ts';
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
      Verify now
    </Button>
  );
  return (
    <div aria-live="polite">
      {fresh !== null ? (
        <Result result={fresh} action={again} />
      ) : last === null ? (
        <Notice tone="idle" icon={ShieldQuestion} title="Nobody has verified this record yet" action={again}>
          Each entry is sealed with the one before it, and every hour the hosts are given the last seal to keep.
        </Notice>
      ) : (
        <Notice
          tone={last.outcome === 'allowed' ? 'good' : 'bad'}
          icon={last.outcome === 'allowed' ? ShieldCheck : ShieldAlert}
          title={
            <>
              {last.outcome === 'allowed' ? 'Found whole' : 'Found changed or cut'} <Ago at={last.at} />
            </>
          }
          action={again}
        >
          {`${last.detail.entries} entries, compared with ${last.detail.hosts} hosts, by ${last.actor.name}.`}
          {last.outcome !== 'allowed' && ' Verify again to see which entries are concerned.'}
        </Notice>
      )}
    </div>
  );
}

function Result({ result, action }: { result: AuditVerification; action: React.ReactNode }) {
  const silent = result.hosts.filter((host) => !host.answered).map((host) => host.name);
  const heads = result.hosts.reduce((sum, host) => sum + host.heads, 0);
  return (
    <Notice
      tone={result.ok ? 'good' : 'bad'}
      icon={result.ok ? ShieldCheck : ShieldAlert}
      title={result.ok ? 'The record is whole' : `The record is not whole: ${result.problemCount} findings`}
      action={action}
    >
      <p>
        {result.entries} entries and {heads} seals kept by {result.hosts.length - silent.length} hosts fit together
        {result.ok ? '' : ', but for what follows'}. {result.waiting > 0 && `${result.waiting} wait to be sealed. `}
        {silent.length > 0 && `Not asked, because they do not answer: ${silent.join(', ')}.`}
      </p>
      {result.problems.length > 0 && (
        <ul className="mt-2 grid gap-1">
          {result.problems.map((problem) => (
            <li
              key={`${problem.kind} ${problem.seq} ${problem.entryId} ${problem.detail}`}
              className="[overflow-wrap:anywhere]"
            >
              {problem.detail}
            </li>
          ))}
        </ul>
      )}
    </Notice>
  );
}
