'use client';
import { useEffect, useState } from 'react';
import type { RestorePreview } from '#lib/contract/backups.ts';
import type { Problem } from '#lib/contract/errors.ts';
import type { Heap, RestoreMode } from '#lib/contract/files.ts';
import { type Text, t } from '#lib/language/text.ts';
import { call, problemOf } from '../api.ts';
import { Button } from '../button.tsx';
import { FormProblem } from '../form.tsx';
import { bytes } from '../format.ts';
import { useAnswer } from '../use-answer.ts';
import { decode, shown } from './paths.ts';

type Body = { paths?: string[]; target?: string };
const listed = 100;
/** Long enough for a path to be typed. */
const pauseMs = 500;

/** What restoring some files would do, said before it is done; asked anew whenever something else is chosen. */
export function FilesPreview({ backupId, body, mode }: { backupId: string; body: Body; mode: RestoreMode }) {
  const [found, setFound] = useState<RestorePreview | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const asked = JSON.stringify(body);
  useEffect(() => {
    setFound(null);
    setProblem(null);
    let gone = false;
    const timer = setTimeout(() => {
      call('backups.previewRestore', { params: { id: backupId }, body: JSON.parse(asked) as Body }).then(
        (answer) => gone || setFound(answer),
        (error: unknown) => gone || setProblem(problemOf(error)),
      );
    }, pauseMs);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [backupId, asked]);
  return <Preview found={found} problem={problem} changed={ofMode[mode]} />;
}

const ofMode = {
  overwrite: '{n, number} replaced, what is there now goes into the trash{size}',
  'keep-both': '{n, number} different, both are kept{size}',
  missing: '{n, number} different, left as they are{size}',
} as const satisfies Record<RestoreMode, string>;

const everything = '{n, number} replaced{size}';

/** The same of a restore of everything, when somebody wants to know: it looks through all files. */
export function WholePreview({ backupId }: { backupId: string }) {
  const [wanted, setWanted] = useState(false);
  const { found, problem } = useAnswer(
    'backups.previewRestore',
    wanted ? { params: { id: backupId }, body: {} } : null,
  );
  if (!wanted) {
    return (
      <Button size="small" onClick={() => setWanted(true)}>
        {t('Show what would change')}
      </Button>
    );
  }
  return <Preview found={found} problem={problem} changed={everything} />;
}

function Preview({
  found,
  problem,
  changed,
}: {
  found: RestorePreview | null;
  problem: Problem | null;
  changed: Text;
}) {
  if (problem !== null) return <FormProblem problem={problem} />;
  if (found === null) {
    return (
      <p role="status" className="sub">
        {t('Looking at what would change…')}
      </p>
    );
  }
  const parts = [
    heap(found.new, '{n, number} new{size}'),
    heap(found.changed, changed),
    heap(found.deleted, '{n, number} deleted{size}'),
  ].filter((part) => part !== null);
  return (
    <div className="rounded-control bg-sunk px-3 py-2 text-[13px]" role="status">
      <p className="font-[550]">{t(parts.length === 0 ? 'Nothing would change.' : 'What would change')}</p>
      {parts.map((part) => (
        <p key={part}>{part}</p>
      ))}
      {found.same > 0 && (
        <p className="text-muted">
          {t('{n, plural, one {# thing} other {# things}} as in the backup already', { n: found.same })}
        </p>
      )}
      {found.first.length > 0 && (
        <details className="mt-1">
          <summary className="cursor-pointer py-1 underline decoration-line underline-offset-3">{t('Which')}</summary>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by keyboard */}
          <ul className="max-h-48 overflow-auto" tabIndex={0} aria-label={t('What would change')}>
            {found.first.slice(0, listed).map(({ path, difference }) => (
              <li key={path} className="[overflow-wrap:anywhere]">
                <span className="text-muted">{t(difference)}</span> {shown(decode(path))}
              </li>
            ))}
            {(found.first.length > listed || !found.whole) && <li className="text-muted">{t('… and more')}</li>}
          </ul>
        </details>
      )}
    </div>
  );
}

function heap({ count: things, bytes: size }: Heap, words: Text): string | null {
  if (things === 0) return null;
  return t(words, { n: things, size: size > 0 ? ` (${bytes(size)})` : '' });
}
