'use client';
import type { EditorView } from '@codemirror/view';
import { useEffect, useRef, useState } from 'react';
import { Problem } from '#lib/contract/errors.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { UploadState } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { DialogFoot } from '../dialog.tsx';
import { FormProblem } from '../form.tsx';
import { notifyDone } from '../notify.tsx';
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
  onSaved,
}: {
  url: string;
  path: string;
  entry: FileEntry;
  text: string;
  onClose: () => void;
  onSaved: () => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const [changed, setChanged] = useState(false);
  const [saving, setSaving] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [since, setSince] = useState(entry.modifiedAt);

  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let gone = false;
    void openEditor(element, text, shown(path), () => setChanged(true)).then((opened) => {
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
    // CodeMirror knows one end of line; the file keeps its own.
    const bytes = new Blob([text.includes('\r\n') ? content.replaceAll('\n', '\r\n') : content]);
    const found = await put(`${url}&unchangedSince=${encodeURIComponent(since)}`, bytes);
    setSaving(false);
    if ('code' in found) return setProblem(found);
    setSince(found.entry?.modifiedAt ?? since);
    setChanged(false);
    notifyDone(t('Saved {path}', { path: shown(path) }));
    onSaved();
  };

  return (
    <>
      <div ref={box} className="overflow-hidden rounded-control border border-line bg-surface text-[13px]" />
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

/** What the editor itself says: its search, and what it announces to screen readers. */
const phrases = [
  'Find',
  'Replace',
  'next',
  'previous',
  'all',
  'match case',
  'regexp',
  'by word',
  'replace',
  'replace all',
  'close',
  'Go to line',
  'go',
  'current match',
  'on line',
  'replaced match on line $',
  'replaced $ matches',
  'Control character',
  'Selection deleted',
] as const;

async function openEditor(parent: HTMLElement, doc: string, label: string, onChange: () => void): Promise<EditorView> {
  const [
    { EditorState },
    { EditorView, keymap, lineNumbers, highlightActiveLine, drawSelection },
    commands,
    { searchKeymap, search },
  ] = await Promise.all([
    import('@codemirror/state'),
    import('@codemirror/view'),
    import('@codemirror/commands'),
    import('@codemirror/search'),
  ]);
  const theme = EditorView.theme({
    '&': { height: '58dvh', backgroundColor: 'var(--surface)', color: 'var(--text)' },
    '&.cm-focused': { outline: '2px solid var(--brand)', outlineOffset: '-2px' },
    '.cm-scroller': { fontFamily: 'ui-monospace, SFMono-Regular, "DejaVu Sans Mono", monospace' },
    '.cm-content': { caretColor: 'var(--text)' },
    '.cm-cursor': { borderLeftColor: 'var(--text)' },
    '.cm-gutters': { backgroundColor: 'var(--sunk)', color: 'var(--muted)', border: 'none' },
    '.cm-activeLine': { backgroundColor: 'transparent' },
    '.cm-panels': { backgroundColor: 'var(--sunk)', color: 'var(--text)' },
  });
  return new EditorView({
    parent,
    doc,
    extensions: [
      EditorState.phrases.of(Object.fromEntries(phrases.map((phrase) => [phrase, t(phrase)]))),
      lineNumbers(),
      drawSelection(),
      highlightActiveLine(),
      commands.history(),
      search({ top: true }),
      // Tab leaves the editor, so that nobody who uses the keyboard alone is caught in it.
      keymap.of([...searchKeymap, ...commands.historyKeymap, ...commands.defaultKeymap]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.updateListener.of((update) => update.docChanged && onChange()),
      theme,
    ],
  });
}

async function put(url: string, body: Blob): Promise<UploadState | Problem> {
  const failed = {
    type: 'urn:berth:error:internal',
    title: t('It could not be saved'),
    status: 500,
    code: 'internal',
  } as const;
  try {
    const response = await fetch(url, { method: 'PUT', body, credentials: 'same-origin' });
    const json: unknown = await response.json();
    if (response.ok) return UploadState.parse(json);
    const problem = Problem.safeParse(json);
    return problem.success ? problem.data : failed;
  } catch {
    return { ...failed, remedy: t('Your text is still here. Check your connection and save again.') };
  }
}
