'use client';
import type { Changes } from '#lib/contract/files.ts';
import { identityFile } from '#lib/contract/identity-files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { Outcome } from '../outcome.tsx';
import { useAnswer } from '../use-answer.ts';
import { useCall } from '../use-call.ts';
import { decode, encode, shown } from './paths.ts';

/** What stays and what does not, of one path or (null) of the system; see `identity-files.ts`. */
function whatOf(path: string | null): { loses: string[]; keeps: string[] } {
  const changes = t('your changes to these files are no longer in effect. They lie in the trash.');
  if (path === null) {
    const rest =
      'everything you added. Home directories, data, /usr/local, /opt, /srv and /var, users, passwords, host name and ssh keys are not touched.';
    return { loses: [changes], keeps: [t(rest)] };
  }
  if (identityFile(path)) {
    const who =
      'this says who the system is or who may log in: users, passwords, names, settings or keys that stand in it now are no longer in effect. Make sure that you can still log in.';
    return { loses: [changes, t(who)], keeps: [t('everything else.')] };
  }
  const rest =
    'everything you added. Users, passwords, host name, ssh keys and settings of the ssh server stay as they are, even if they lie in it: they come back only by their own names.';
  return { loses: [changes], keeps: [t(rest)] };
}

/** Says exactly what comes back before it does. `path` null: everything of the system. */
export function RecoverDialog({
  containerId,
  path,
  onClose,
  onAsked,
}: {
  containerId: string;
  path: string | null;
  onClose: () => void;
  onAsked: (operation: Operation) => void;
}) {
  const { run, pending, problem } = useCall('containers.recover', { quiet: true });
  const all = path === null;
  const { found, problem: unread } = useAnswer('containers.changes', {
    params: { id: containerId },
    query: all ? { system: true } : { path: encode(path), recover: true },
  });

  const recover = async () => {
    const body = all ? { allSystemFiles: true as const } : { paths: [encode(path)] };
    const answer = await run({ params: { id: containerId }, body });
    if (!answer.ok) return;
    onClose();
    onAsked(answer.value);
  };
  const nothing = found?.items.length === 0;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={all ? t('Recover all system files') : t('Recover {name}', { name: shown(path) })}
      sub={t('As the template of this container has them. It keeps running.')}
    >
      <Outcome
        {...whatOf(path)}
        undo={t(
          all
            ? 'all of it by Undo, which goes back to a snapshot taken before, for as long as your plan keeps old files; single files from the trash.'
            : 'every replaced file can be put back from the trash until it is emptied.',
        )}
      />
      {found === null && unread === null && (
        <p role="status" className="mt-3">
          {t('Comparing with the template…')}
        </p>
      )}
      {found !== null && <WillComeBack found={found} all={all} />}
      <div className="mt-3">
        <FormProblem problem={problem ?? unread} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Change nothing')}</Button>
        <Button
          variant="primary"
          pending={pending}
          reason={
            nothing ? t('There is nothing to recover.') : found === null ? t('It is still being compared.') : null
          }
          onClick={() => void recover()}
        >
          {t('Recover')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

function WillComeBack({ found: { items, total = items.length, whole }, all }: { found: Changes; all: boolean }) {
  if (items.length === 0) {
    return (
      <p className="mt-3 font-semibold">
        {t(
          all
            ? 'No system file differs from the template.'
            : 'Nothing that could be put back differs from the template.',
        )}
      </p>
    );
  }
  return (
    <>
      <p className="mt-3 font-semibold">
        {whole || total > items.length
          ? t('{n, plural, one {# file or folder} other {# files and folders}} will be put back:', { n: total })
          : t('More than {n, number} files and folders will be put back, among them:', { n: total })}
      </p>
      <ul aria-label={t('What will be put back')} className="mt-1 max-h-56 overflow-y-auto font-mono text-[12.5px]">
        {items.map(({ name, kind, difference }) => (
          <li key={name} className="[overflow-wrap:anywhere]">
            {shown(decode(name))}
            {kind === 'folder' && '/'}{' '}
            <span className="font-sans text-muted">({difference === null ? '' : t(difference)})</span>
          </li>
        ))}
        {total > items.length && (
          <li className="font-sans">{t('… and {n, number} more', { n: total - items.length })}</li>
        )}
      </ul>
    </>
  );
}
