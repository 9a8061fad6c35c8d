'use client';
import { useState } from 'react';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Facts } from './page.tsx';
import { At } from './time.tsx';
import { useCall } from './use-call.ts';

type Waiting = { name: string; address: string; at: string };

/** First the code, then who asks: the person sees what they let in before they do. */
export function DeviceForm({
  code,
  waiting,
  problem,
}: {
  code: string | null;
  waiting: Waiting | null;
  problem: string | null;
}) {
  const { run, pending } = useCall('device.decide');
  const [done, setDone] = useState<'approved' | 'denied' | null>(null);
  if (done !== null) {
    return (
      <p role="status">
        {done === 'approved'
          ? t('The program is signed in as you. You can close this page and go back to it.')
          : t('The program was turned away. Nothing was given to it.')}
      </p>
    );
  }
  if (code === null || waiting === null) {
    return (
      <form method="get" action="/device" className="grid gap-4">
        <p className="text-muted">
          {t('A program such as the command line shows a code of eight letters. Type it here.')}
        </p>
        <div className="grid gap-1.5">
          <label htmlFor="device-code" className="text-[13px] font-[550]">
            {t('Code')}
          </label>
          <input
            id="device-code"
            name="code"
            required
            autoComplete="off"
            autoCapitalize="characters"
            spellCheck={false}
            className="field font-mono"
            defaultValue={code ?? ''}
            aria-describedby="device-problem"
          />
          <p id="device-problem" role="alert" className="text-[12.5px] font-[550] text-bad empty:hidden">
            {problem}
          </p>
        </div>
        <div>
          <Button type="submit" variant="primary">
            {t('Go on')}
          </Button>
        </div>
      </form>
    );
  }
  const decide = (approve: boolean) =>
    void run({ body: { userCode: code, approve } }).then(
      (answer) => answer.ok && setDone(approve ? 'approved' : 'denied'),
    );
  return (
    <div className="grid gap-4">
      <p>
        {rich(
          'This program asks to be signed in as you, for 90 days. It could do everything you can. Go on only if you have just started it yourself and it shows the code {code}.',
          {
            code: <span key="code" className="font-mono font-semibold">{`${code.slice(0, 4)}-${code.slice(4)}`}</span>,
          },
        )}
      </p>
      <Facts
        items={[
          [t('Program'), waiting.name],
          [t('Asks from'), waiting.address],
          [t('Since'), <At key="at" at={waiting.at} />],
        ]}
      />
      <div className="flex flex-wrap gap-2">
        <Button variant="primary" pending={pending} onClick={() => decide(true)}>
          {t('Let it in')}
        </Button>
        <Button pending={pending} onClick={() => decide(false)}>
          {t('Turn it away')}
        </Button>
      </div>
    </div>
  );
}
