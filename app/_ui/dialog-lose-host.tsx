'use client';
import { useState } from 'react';
import type { Host, LostContainer } from '#lib/contract/hosts.ts';
import { rich, type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { Ago } from './time.tsx';
import { NameField, useTypedName } from './typed-name.tsx';
import { useAnswer } from './use-answer.ts';
import { useCall } from './use-call.ts';

/** Writes a host off, or some of its containers, after saying what is lost of each. */
export function LoseHostDialog({ host, onClose }: { host: Pick<Host, 'id' | 'name'>; onClose: () => void }) {
  const { found: loss, problem: notKnown } = useAnswer('hosts.loss', { params: { id: host.id } });
  const { run, pending, problem } = useCall('hosts.lose', { quiet: true });
  const typed = useTypedName(host.name, t('so that it is the right one'));
  const [only, setOnly] = useState<ReadonlySet<string> | null>(null);
  const chosen = loss?.containers.filter((one) => only === null || only.has(one.id)) ?? [];
  const none = only !== null && chosen.length === 0 ? t('Choose at least one container.') : null;
  const submit = () =>
    void run({
      params: { id: host.id },
      body: { name: typed.text.trim(), ...(only === null ? {} : { containerIds: [...only] }) },
    }).then((answer) => {
      if (!answer.ok) return;
      const n = answer.value.containers.length;
      notifyDone(
        t(
          '{n, plural, one {# container} other {# containers}} of {host} can be had back from backups, under “Recently deleted”.',
          { n, host: host.name },
        ),
      );
      onClose();
    });
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('Mark {host} as lost?', { host: host.name })}
      sub={t('For a server that is gone for good. One that only does not answer keeps its containers running.')}
    >
      {loss === null ? (
        <p role="status" className="text-muted">
          {notKnown === null ? t('Looking at what is on it…') : ''}
        </p>
      ) : (
        <>
          {loss.refusal !== null && (
            <p className="mb-3 rounded-control bg-warn-soft p-3" role="alert">
              {said(loss.refusal)}
            </p>
          )}
          <div className="mb-4 rounded-control bg-sunk p-3.5">
            <Outcome loses={losses(chosen)} keeps={keeps(chosen)} undo={t(undoWords)} />
          </div>
          {loss.containers.length > 0 && (
            <ContainerChoice containers={loss.containers} only={only} onChange={setOnly} />
          )}
          <NameField typed={typed} />
        </>
      )}
      <div className="mt-3">
        <FormProblem problem={problem ?? notKnown} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Not now')}</Button>
        <Button
          variant="danger"
          pending={pending}
          reason={
            loss === null
              ? t('What is lost is not known yet.')
              : ((loss.refusal === null ? null : said(loss.refusal)) ?? none ?? typed.reason)
          }
          onClick={submit}
        >
          {only === null
            ? t('Mark as lost')
            : t('{n, plural, one {Mark # container as lost} other {Mark # containers as lost}}', { n: chosen.length })}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

const undoWords: Text =
  'have each container back from a backup, on another server, with another address. If the server comes back, it stops what it has of them; that is then listed as orphaned and can be adopted.';

function losses(chosen: readonly LostContainer[]): string[] {
  const without = chosen.filter((one) => one.newestBackupAt === null);
  const kept = chosen.some((one) => one.snapshots + one.retained > 0);
  return [
    ...(chosen.length > without.length
      ? [t('what was written since the newest backup of each container is lost.')]
      : []),
    ...(without.length > 0
      ? [t('all of {names} is lost: there is no complete backup.', { names: names(without) })]
      : []),
    ...(kept ? [t('snapshots, and files kept for undo, are lost.')] : []),
    ...(chosen.length === 0 ? [t('no container is put there any more. There is none on it now.')] : []),
  ];
}

function keeps(chosen: readonly LostContainer[]): string[] {
  return chosen.some((one) => one.newestBackupAt !== null)
    ? [t('backups, for at least 14 days. Their tenants are told by mail.')]
    : [];
}

function names(list: readonly LostContainer[]): string {
  const shown = list.slice(0, 3).map((one) => one.name);
  const more = list.length - shown.length;
  return more > 0 ? t('{names} and {more} more', { names: shown.join(', '), more }) : shown.join(` ${t('and')} `);
}

function ContainerChoice({
  containers,
  only,
  onChange,
}: {
  containers: readonly LostContainer[];
  only: ReadonlySet<string> | null;
  onChange: (only: ReadonlySet<string> | null) => void;
}) {
  const toggle = (id: string) => {
    const next = new Set(only ?? []);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <fieldset className="mb-4">
      <legend className="sr-only">{t('What is lost')}</legend>
      <div className="mb-2 flex flex-wrap gap-x-5 gap-y-1">
        <label className="flex items-center gap-2 max-md:min-h-11">
          <input type="radio" name="what" checked={only === null} onChange={() => onChange(null)} />{' '}
          {t('The whole host')}
        </label>
        <label className="flex items-center gap-2 max-md:min-h-11">
          <input type="radio" name="what" checked={only !== null} onChange={() => onChange(new Set())} />{' '}
          {t('Only some of its containers')}
        </label>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard has to reach it */}
      <ul className="max-h-64 divide-y divide-line overflow-y-auto rounded-control border border-line" tabIndex={0}>
        {containers.map((one) => (
          <li key={one.id} className="flex items-start gap-2.5 px-3 py-2">
            {only !== null && (
              <input
                type="checkbox"
                className="mt-1"
                aria-label={one.name}
                checked={only.has(one.id)}
                onChange={() => toggle(one.id)}
              />
            )}
            <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
              <strong className="font-semibold">{one.name}</strong>{' '}
              <span className="sub">{t('of {tenant}', { tenant: one.tenantName })}</span>
              <span className="sub block">
                <LossWords container={one} />
              </span>
            </span>
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

function LossWords({ container }: { container: LostContainer }) {
  const { newestBackupAt, inDirectory, newestElsewhereAt, pending } = container;
  if (pending) return <>{t('Is being written off.')}</>;
  if (newestBackupAt === null) return <span className="text-bad">{t('No complete backup: all of it is lost.')}</span>;
  const at = <Ago key="at" at={newestBackupAt} />;
  if (!inDirectory) return rich('Back to {at}.', { at });
  const warn = (inner: React.ReactNode[]) => (
    <span key="warn" className="text-warn">
      {inner}
    </span>
  );
  if (newestElsewhereAt === null)
    return rich('Back to {at}<warn> if the directory of that backup is not lost too; there is none elsewhere</warn>.', {
      at,
      warn,
    });
  const elsewhere = <Ago key="elsewhere" at={newestElsewhereAt} />;
  return rich('Back to {at}<warn> if the directory of that backup is not lost too, else to {elsewhere}</warn>.', {
    at,
    warn,
    elsewhere,
  });
}
