'use client';
import { useEffect, useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { AroundOutcomes, CommandEnd, CommandOutcome } from '#lib/contract/integrity.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { seconds } from './format.ts';
import { Printed } from './printed.tsx';
import { useCall } from './use-call.ts';

/** `exit code 0 after 0.2 s`. */
function endWords({ exitCode, timedOut, tookMs }: CommandEnd): string {
  const time = seconds(tookMs);
  if (timedOut) return t('not done in time after {time}', { time });
  if (exitCode === null) return t('could not be run after {time}', { time });
  return t('exit code {code} after {time}', { code: exitCode, time });
}

/** In a row of the list: that a command around the backup did not end well. */
export function CommandsLine({ commands }: { commands: Backup['commands'] }) {
  if (commands === null) return null;
  const bad = [
    ...(commands.before !== null && commands.before.exitCode !== 0 ? [t('The command before it failed')] : []),
    ...(commands.after !== null && commands.after.exitCode !== 0 ? [t('The command after it failed')] : []),
  ];
  if (bad.length === 0) return null;
  return <div className="text-xs font-[550] text-warn">{bad.join('; ')}</div>;
}

/** How the commands around a backup ended, and what they printed. */
export function CommandsDialog({ backup, onClose }: { backup: Backup; onClose: () => void }) {
  const { run, problem } = useCall('backups.commands', { quiet: true });
  const [outcomes, setOutcomes] = useState<AroundOutcomes | null>(null);
  useEffect(() => {
    void run({ params: { id: backup.id } }).then((answer) => answer.ok && setOutcomes(answer.value));
  }, [run, backup.id]);
  return (
    <Dialog open onClose={onClose} title={t('Commands around this backup')}>
      <div className="grid gap-3 text-sm">
        {outcomes !== null && <One when={t('Before it')} outcome={outcomes.before} />}
        {outcomes !== null && <One when={t('After it')} outcome={outcomes.after} />}
        {problem !== null && <p className="text-bad">{problem.detail}</p>}
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Close')}</Button>
      </DialogFoot>
    </Dialog>
  );
}

function One({ when, outcome }: { when: string; outcome: CommandOutcome | null }) {
  if (outcome === null) return <p>{t('{when}: none.', { when })}</p>;
  return (
    <div>
      <p>
        {when}: {endWords(outcome)}
      </p>
      {outcome.output !== '' && <Printed title={t('It printed')} text={outcome.output} />}
    </div>
  );
}
