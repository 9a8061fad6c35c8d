'use client';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { ApiError, problemOf } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { bytes } from '../format.ts';
import { fetchContent } from './content.ts';
import { type Picture, pictureType, textOf } from './kinds.ts';
import { shown } from './paths.ts';

/** What is read into the page; more can be downloaded. */
export const mostShownBytes = 2 * 1024 * 1024;
const mostPictureBytes = 20 * 1024 * 1024;

type Seen = { kind: 'text'; text: string } | { kind: 'picture'; url: string } | { kind: 'other' };

/** A file as text or picture, else what it is. `editor` shows text that may be changed. */
export function Viewer({
  url,
  path,
  entry,
  onClose,
  editor,
}: {
  url: string;
  path: string;
  entry: FileEntry;
  onClose: () => void;
  editor?: (text: string, onChanged: (changed: boolean) => void) => React.ReactNode;
}) {
  const [seen, setSeen] = useState<Seen | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [unsaved, setUnsaved] = useState(false);
  const [warned, setWarned] = useState(false);
  useEffect(() => {
    const stop = new AbortController();
    let made: string | null = null;
    look(url, entry.size, stop.signal).then(
      (found) => {
        if (found.kind === 'picture') made = found.url;
        setSeen(found);
      },
      (error: unknown) => {
        if (!stop.signal.aborted) setProblem(error instanceof ApiError ? error.problem : problemOf(error));
      },
    );
    return () => {
      stop.abort();
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [url, entry.size]);

  return (
    <Dialog
      open
      wide
      onClose={() => (unsaved ? setWarned(true) : onClose())}
      title={shown(path)}
      sub={bytes(entry.size)}
    >
      {seen === null && problem === null && <p role="status">{t('Reading…')}</p>}
      <FormProblem problem={problem} />
      {seen?.kind === 'text' && (editor?.(seen.text, setUnsaved) ?? <Plain text={seen.text} name={shown(path)} />)}
      {unsaved && warned && (
        <p role="alert" className="mt-3 text-[13px] font-[550] text-bad">
          {t('It has changes that are not saved. Save them, or close it without saving.')}
        </p>
      )}
      {seen?.kind === 'picture' && (
        // biome-ignore lint/performance/noImgElement: a copy made by this page, which no server can resize
        <img src={seen.url} alt={shown(path)} className="mx-auto max-h-[60dvh] max-w-full rounded-control bg-sunk" />
      )}
      {seen?.kind === 'other' && (
        <p>
          {t(entry.size > mostShownBytes ? 'It is too large to be shown here.' : 'It is neither text nor a picture.')}{' '}
          {t('Download it to look into it.')}
        </p>
      )}
      {!(seen?.kind === 'text' && editor) && (
        <DialogFoot>
          <Button onClick={onClose}>{t('Close')}</Button>
          <Button variant="primary" onClick={() => window.location.assign(url)}>
            <Download aria-hidden /> {t('Download')}
          </Button>
        </DialogFoot>
      )}
    </Dialog>
  );
}

function Plain({ text, name }: { text: string; name: string }) {
  return (
    <textarea
      readOnly
      aria-label={name}
      className="field h-[60dvh] w-full font-mono text-[13px]"
      spellCheck={false}
      value={text}
    />
  );
}

async function look(url: string, size: number, signal: AbortSignal): Promise<Seen> {
  if (size > mostPictureBytes) return { kind: 'other' };
  const content = await fetchContent(url, signal);
  const type: Picture | null = pictureType(content);
  // A copy under a type of our own choice: whatever the file is, the browser takes it for a picture and nothing else.
  if (type !== null) return { kind: 'picture', url: URL.createObjectURL(new Blob([content], { type })) };
  const text = content.length > mostShownBytes ? null : textOf(content);
  return text === null ? { kind: 'other' } : { kind: 'text', text };
}
