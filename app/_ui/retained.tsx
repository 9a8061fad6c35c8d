'use client';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { Container, RetainedVolume } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { decode, shown } from './files/paths.ts';
import { FormProblem } from './form.tsx';
import { bytes, count } from './format.ts';
import { Outcome } from './outcome.tsx';
import { Card } from './page.tsx';
import { Ago, Left } from './time.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

export const keptWords = {
  restore: 'before the restore',
  reinstall: 'before the reinstall',
  rollback: 'before the roll-back',
  undo: 'before the undo',
} as const satisfies Record<RetainedVolume['reason'], string>;

type Asked = { what: 'undo' | 'release'; volume: RetainedVolume };

/** Files put aside by something that replaced them: what they are, how long they stay, the way back and the way to let go. */
export function RetainedVolumes({ container }: { container: Container }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { state } = useShownState(container);
  const busy = state === container.state ? null : 'It is being worked on. Wait until that is done.';
  const undo = reasonFor(container, 'undo');
  const release = reasonFor(container, 'confirm');
  const close = () => setAsked(null);
  if (container.retained.length === 0) return null;
  return (
    <>
      <Card title="Kept for undo" icon={Undo2} flush className="mb-4">
        <ul className="divide-y divide-line">
          {container.retained.map((volume) => (
            <li key={volume.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
              <span className="mr-auto min-w-0">
                <strong className="font-semibold">Files as they were {keptWords[volume.reason]}</strong>{' '}
                <span className="sub">
                  <Ago at={volume.createdAt} /> · {bytes(volume.bytes)} · not counted against your disk
                  {volume.shownAt !== null && ` · shown at ${volume.shownAt}`}
                </span>
              </span>
              <span className="sub font-[550]">
                kept for another <Left until={volume.expiresAt} />
              </span>
              {undo !== undefined && (
                <Button size="small" reason={busy ?? undo} onClick={() => setAsked({ what: 'undo', volume })}>
                  Go back…
                </Button>
              )}
              {release !== undefined && (
                <Button
                  size="small"
                  variant="quiet"
                  reason={busy ?? release}
                  onClick={() => setAsked({ what: 'release', volume })}
                >
                  Release…
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
      {asked?.what === 'undo' && <GoBackDialog container={container} volume={asked.volume} onClose={close} />}
      {asked?.what === 'release' && <ReleaseDialog container={container} volume={asked.volume} onClose={close} />}
    </>
  );
}

type Props = { container: Container; volume: RetainedVolume; onClose: () => void };

function GoBackDialog({ container, volume, onClose }: Props) {
  const { run, pending, problem } = useCall('operations.undo', { quiet: true });
  const mayLook = container.can.files !== undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Go back to the files ${keptWords[volume.reason]}?`}
      sub={
        <>
          {container.name} as it was <Ago at={volume.createdAt} />.
        </>
      }
    >
      <Outcome
        loses={['what was written since then is gone from the container, all of it. It restarts if it runs.']}
        keeps={['address, port forwards, plan, snapshots and every backup.']}
        undo="possible: the present files are kept aside in their place."
      />
      {mayLook && <Written operationId={volume.operationId} />}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Change nothing</Button>
        <Button
          variant="primary"
          pending={pending}
          onClick={() =>
            void run({ params: { id: volume.operationId }, body: {} }).then((answer) => answer.ok && onClose())
          }
        >
          Go back
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

/** How much goes, so that nobody has to guess. It goes nowhere: the present files are kept aside. */
function Written({ operationId }: { operationId: string }) {
  const { found, problem } = useAnswer('operations.written', { params: { id: operationId } });
  if (problem !== null)
    return (
      <p className="sub mt-3">{`How much was written since cannot be said: ${problem.detail ?? problem.title}`}</p>
    );
  if (found === null) {
    return (
      <p role="status" className="sub mt-3">
        Counting what was written since…
      </p>
    );
  }
  const { written, deleted, folders, whole } = found;
  return (
    <div role="status" className="mt-3 rounded-control bg-sunk px-3 py-2 text-[13px]">
      <p className="font-[550]">
        {whole ? '' : 'At least '}
        {count(written.count, 'file')} written since ({bytes(written.bytes)})
        {deleted > 0 && `, ${count(deleted, 'system file')} deleted`}
      </p>
      {folders.length > 0 && (
        <p className="text-muted [overflow-wrap:anywhere]">
          {folders
            .slice(0, 6)
            .map(({ path, written: heap }) => `${shown(decode(path))} (${heap.count})`)
            .join(', ')}
        </p>
      )}
    </div>
  );
}

function ReleaseDialog({ container, volume, onClose }: Props) {
  const { run, pending, problem } = useCall('operations.confirm', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Release the files ${keptWords[volume.reason]}?`}
      sub={`${container.name} stays exactly as it is now.`}
    >
      <p>
        The {bytes(volume.bytes)} put aside <Ago at={volume.createdAt} /> are deleted
        {volume.shownAt !== null && `, and ${volume.shownAt} with them`}.{' '}
        <strong>After that it cannot be undone.</strong> Backups and snapshots are not touched.
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep them</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() =>
            void run({ params: { id: volume.operationId }, body: {} }).then((answer) => answer.ok && onClose())
          }
        >
          Release them
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
