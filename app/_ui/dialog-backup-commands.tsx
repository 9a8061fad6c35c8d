'use client';
import { useEffect, useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { AroundOutcomes, CommandEnd, CommandOutcome } from '#lib/contract/integrity.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Printed } from './printed.tsx';
import { useCall } from './use-call.ts';

/** `exit code 0 after 0.2 s`. */
function endWords({ exitCode, timedOut, tookMs }: CommandEnd): string {
  const how = timedOut ? 'not done in time' : exitCode === null ? 'could not be run' : `exit code ${exitCode}`;
  return `${how} after ${(tookMs / 1000).toFixed(1)} s`;
}

/** In a row of the list: that a command around the backup did not end well. */
export function CommandsLine({ commands }: { commands: Backup['commands'] }) {
  if (commands === null) return null;
  const bad = [
    ...(commands.before !== null && commands.before.exitCode !== 0 ? ['The command before it failed'] : []),
    ...(commands.after !== null && commands.after.exitCode !== 0 ? ['The command after it failed'] : []),
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
    <Dialog open onClose={onClose} title="Commands around this backup">
      <div className="grid gap-3 text-sm">
        {outcomes !== null && <One when="Before it" outcome={outcomes.before} />}
        {outcomes !== null && <One when="After it" outcome={outcomes.after} />}
        {problem !== null && <p className="text-bad">{problem.detail}</p>}
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Close</Button>
      </DialogFoot>
    </Dialog>
  );
}

function One({ when, outcome }: { when: string; outcome: CommandOutcome | null }) {
  if (outcome === null) return <p>{when}: none.</p>;
  return (
    <div>
      <p>
        {when}: {endWords(outcome)}
      </p>
      {outcome.output !== '' && <Printed title="It printed" text={outcome.output} />}
    </div>
  );
}
