'use client';
import type { EditorView } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { notifyDone } from '../notify.tsx';
import { putContent } from './content.ts';
import { editorState } from './editor-state.ts';
import { mixedEnds } from './line-ends.ts';
import { shown } from './paths.ts';

/**
 * Text that may be changed. It is saved only if nobody else has changed the file since it was read: then one is told, and nothing
 * is lost, neither theirs nor one's own.
 */
export function Editor({
  url,
  path,
  entry,
  text,
  onClose,
  onChanged,
  onSaved,
}: {
  url: string;
  path: string;
  entry: FileEntry;
  text: string;
  onClose: () => void;
  /** Whether there is something that would be lost by closing. */
  onChanged: (changed: boolean) => void;
  onSaved: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [changed, setChanged] = useState(false);
  const tell = useRef({ changed: (_now: boolean) => {}, save: () => {} });
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [since, setSince] = useState(entry.modifiedAt);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let gone = false;
    void openEditor(element, text, shown(path), {
      onChange: () => tell.current.changed(true),
      onSave: () => tell.current.save(),
    }).then((opened) => {
      if (gone) return opened.destroy();
      view.current = opened;
      opened.focus();
    });
    return () => {
      gone = true;
      view.current?.destroy();
      view.current = null;
    };
  }, [text, path]);

  const save = async () => {
    const content = view.current?.state.sliceDoc();
    if (content === undefined) return;
    setSaving(true);
    setProblem(null);
    const found = await putContent(`${url}&unchangedSince=${encodeURIComponent(since)}`, new Blob([content]), {
      title: t('It could not be saved'),
      remedy: t('Your text is still here. Check your connection and save again.'),
    });
    setSaving(false);
    if ('code' in found) return setProblem(found);
    setSince(found.entry?.modifiedAt ?? since);
    tell.current.changed(false);
    notifyDone(t('Saved {path}', { path: shown(path) }));
    onSaved();
  };
  // The editor is opened once; what it tells goes to the latest.
  tell.current = {
    changed: (now) => {
      setChanged(now);
      onChanged(now);
    },
    save: () => {
      if (changed && !saving) void save();
    },
  };

  return (
    <>
      <div ref={box} className="overflow-hidden rounded-control border border-line bg-surface text-[13px]" />
      {mixedEnds(text) && (
        <p className="sub mt-2">
          {t('The lines of this file end in different ways. Each keeps its end; ␍ is a carriage return.')}
        </p>
      )}
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t(changed ? 'Close without saving' : 'Close')}</Button>
        <Button onClick={() => window.location.assign(url)}>{t('Download')}</Button>
        <Button
          variant="primary"
          pending={saving}
          reason={changed ? null : t('Nothing has been changed.')}
          onClick={() => void save()}
        >
          {t('Save')}
        </Button>
      </DialogFoot>
    </>
  );
}

async function openEditor(parent: HTMLElement, ...about: Parameters<typeof editorState>): Promise<EditorView> {
  const [{ EditorView }, state] = await Promise.all([import('@codemirror/view'), editorState(...about)]);
  return new EditorView({ parent, state });
}
