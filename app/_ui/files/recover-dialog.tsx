'use client';
import type { Operation } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { Outcome } from '../outcome.tsx';
import { useAnswer } from '../use-answer.ts';
import { useCall } from '../use-call.ts';
import { decode, encode, shown } from './paths.ts';

/** Says exactly what comes back before it does. `paths` null: everything of the system. */
export function RecoverDialog({
  containerId,
  paths,
  onClose,
  onAsked,
}: {
  containerId: string;
  paths: readonly string[] | null;
  onClose: () => void;
  onAsked: (operation: Operation) => void;
}) {
  const { run, pending, problem } = useCall('containers.recover', { quiet: true });
  const all = paths === null;
  const { found, problem: unread } = useAnswer(
    'containers.changes',
    all ? { params: { id: containerId }, query: { system: true } } : null,
  );

  const recover = async () => {
    const body = paths === null ? { allSystemFiles: true as const } : { paths: paths.map(encode) };
    const answer = await run({ params: { id: containerId }, body });
    if (!answer.ok) return;
    onClose();
    onAsked(answer.value);
  };
  const nothing = all && found?.items.length === 0;
  return (
    <Dialog
      open
      wide={all}
      onClose={onClose}
      title={all ? t('Recover all system files') : t('Recover {name}', { name: shown(paths[0] ?? '') })}
      sub={t('As the template of this container has them. It keeps running.')}
    >
      <Outcome
        loses={[t('your changes to these files are no longer in effect. They lie in the trash.')]}
        keeps={[
          t(
            'everything you added. Home directories, data, /usr/local, /opt, /srv and /var, users, passwords, host name and ssh keys are not touched.',
          ),
        ]}
        undo={t(
          all
            ? 'all of it by Undo, which goes back to a snapshot taken before, for as long as your plan keeps old files; single files from the trash.'
            : 'every replaced file can be put back from the trash until it is emptied.',
        )}
      />
      {all && found === null && unread === null && (
        <p role="status" className="mt-3">
          {t('Comparing with the template…')}
        </p>
      )}
      {all && found !== null && (
        <>
          <p className="mt-3 font-semibold">
            {nothing
              ? t('No system file differs from the template.')
              : t('{n, plural, one {# file} other {# files}} will be put back:', { n: found.items.length })}
          </p>
          <ul aria-label={t('What will be put back')} className="mt-1 max-h-56 overflow-y-auto font-mono text-[12.5px]">
            {found.items.map(({ name, difference }) => (
              <li key={name} className="[overflow-wrap:anywhere]">
                {shown(decode(name))}{' '}
                <span className="font-sans text-muted">({difference === null ? '' : t(difference)})</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <div className="mt-3">
        <FormProblem problem={problem ?? unread} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Change nothing')}</Button>
        <Button
          variant="primary"
          pending={pending}
          reason={
            nothing
              ? t('There is nothing to recover.')
              : all && found === null
                ? t('It is still being compared.')
                : null
          }
          onClick={() => void recover()}
        >
          {t('Recover')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
