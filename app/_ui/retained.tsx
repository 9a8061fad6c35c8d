'use client';
import { Undo2 } from 'lucide-react';
import { useState } from 'react';
import type { Container, RetainedVolume } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { decode, shown } from './files/paths.ts';
import { FormProblem } from './form.tsx';
import { bytes } from './format.ts';
import { keptWords } from './kept-words.ts';
import { accessWords, Outcome } from './outcome.tsx';
import { Card } from './page.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { Ago, Left } from './time.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

/** A volume that was put aside, or the snapshot that a recovery of all system files took first. */
type Kept = Omit<RetainedVolume, 'reason'> & { reason: keyof typeof keptWords };
type Asked = { what: 'undo' | 'release'; volume: Kept };

const keptOf = ({ id: containerId, retained, recoveries }: Container): Kept[] => [
  ...retained,
  ...recoveries.map((one) => ({ ...one, id: one.operationId, containerId, reason: 'recover' as const, shownAt: null })),
];

/** Files put aside by something that replaced them: what they are, how long they stay, the way back and the way to let go. */
export function RetainedVolumes({ container }: { container: Container }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { state } = useShownState(container);
  const busy = state === container.state ? null : t('It is being worked on. Wait until that is done.');
  const undo = reasonFor(container, 'undo');
  const release = reasonFor(container, 'confirm');
  const close = () => setAsked(null);
  const kept = keptOf(container);
  if (kept.length === 0) return null;
  return (
    <>
      <Card title={t('Kept for undo')} icon={Undo2} flush className="mb-4">
        <ul className="divide-y divide-line">
          {kept.map((volume) => (
            <li key={volume.id} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
              <span className="mr-auto min-w-0">
                <strong className="font-semibold">{t(keptWords[volume.reason].name)}</strong>{' '}
                <span className="sub">
                  <Ago at={volume.createdAt} /> · {bytes(volume.bytes)} · {t('not counted against your disk')}
                  {volume.shownAt !== null && ` · ${t('shown at {path}', { path: volume.shownAt })}`}
                </span>
              </span>
              <span className="sub font-[550]">
                {rich('kept for another {left}', { left: <Left key="left" until={volume.expiresAt} /> })}
              </span>
              {undo !== undefined && (
                <Button size="small" reason={busy ?? undo} onClick={() => setAsked({ what: 'undo', volume })}>
                  {t('Go back…')}
                </Button>
              )}
              {release !== undefined && (
                <Button
                  size="small"
                  variant="quiet"
                  reason={busy ?? release}
                  onClick={() => setAsked({ what: 'release', volume })}
                >
                  {t('Release…')}
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

type Props = { container: Container; volume: Kept; onClose: () => void };

function GoBackDialog({ container, volume, onClose }: Props) {
  const { run, pending, problem } = useCall('operations.undo', { quiet: true });
  const release = useReleaseChoice(container.id);
  // Going back to a snapshot takes nothing out of what is kept, and adds the present files.
  const adds = volume.reason === 'recover';
  const mayLook = container.can.files !== undefined;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(keptWords[volume.reason].back)}
      sub={rich('{name} as it was {ago}.', { name: container.name, ago: <Ago key="ago" at={volume.createdAt} /> })}
    >
      <Outcome
        loses={[t('what was written since then is gone from the container, all of it. It restarts if it runs.')]}
        keeps={[t('address, port forwards, plan, snapshots and every backup.'), accessWords()]}
        undo={t('possible: the present files are kept aside in their place.')}
      />
      {mayLook && <Written operationId={volume.operationId} />}
      {adds && release.field !== null && <div className="mt-4">{release.field}</div>}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Change nothing')}</Button>
        <Button
          variant="primary"
          pending={pending}
          onClick={() =>
            void run({
              params: { id: volume.operationId },
              body: adds ? releaseBody(release.chosen) : {},
            }).then((answer) => answer.ok && onClose())
          }
        >
          {t('Go back')}
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
      <p className="sub mt-3">
        {t('How much was written since cannot be said: {why}', { why: problem.detail ?? problem.title })}
      </p>
    );
  if (found === null) {
    return (
      <p role="status" className="sub mt-3">
        {t('Counting what was written since…')}
      </p>
    );
  }
  const { written, deleted, folders, whole } = found;
  return (
    <div role="status" className="mt-3 rounded-control bg-sunk px-3 py-2 text-[13px]">
      <p className="font-[550]">
        {t(
          '{whole, select, yes {} other {At least }}{n, plural, one {# file} other {# files}} written since ({size}){deleted, plural, =0 {} one {, # system file deleted} other {, # system files deleted}}',
          { whole: whole ? 'yes' : 'no', n: written.count, size: bytes(written.bytes), deleted },
        )}
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

/** Asks before kept files go for good: nothing brings back what they would have undone. */
export function ReleaseDialog({ container, volume, onClose }: Props) {
  const { run, pending, problem } = useCall('operations.confirm', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t(keptWords[volume.reason].release)}
      sub={t('{name} stays exactly as it is now.', { name: container.name })}
    >
      <p>
        {rich(
          volume.shownAt === null
            ? 'The {size} put aside {ago} are deleted. <b>After that it cannot be undone.</b> Backups and snapshots are not touched.'
            : 'The {size} put aside {ago} are deleted. <b>After that it cannot be undone.</b> Until the container next stops they can still be read at {path}. Backups and snapshots are not touched.',
          {
            size: bytes(volume.bytes),
            ago: <Ago key="ago" at={volume.createdAt} />,
            path: volume.shownAt,
            b: (inner) => <strong key="b">{inner}</strong>,
          },
        )}
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep them')}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() =>
            void run({ params: { id: volume.operationId }, body: {} }).then((answer) => answer.ok && onClose())
          }
        >
          {t('Release them')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
