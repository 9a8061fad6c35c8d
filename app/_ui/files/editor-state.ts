import type { EditorState } from '@codemirror/state';
import { t } from '#lib/language/text.ts';
import { lineEndOf } from './line-ends.ts';

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

/** A text to be edited: `sliceDoc()` gives it back byte for byte where nobody changed it. Its parts are loaded when first used. */
export async function editorState(
  doc: string,
  label: string,
  { onChange, onSave }: { onChange: () => void; onSave: () => void },
): Promise<EditorState> {
  const [
    { EditorState },
    { EditorView, keymap, lineNumbers, highlightActiveLine, highlightSpecialChars, drawSelection },
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
    '.cm-specialChar': { color: 'var(--muted)' },
  });
  const lineEnd = lineEndOf(doc);
  return EditorState.create({
    doc,
    extensions: [
      EditorState.phrases.of(Object.fromEntries(phrases.map((phrase) => [phrase, t(phrase)]))),
      EditorState.lineSeparator.of(lineEnd),
      // Set, the separator is taken at its word: what is pasted comes with the ends of line of another system.
      EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?|\n/g, lineEnd)),
      highlightSpecialChars(),
      lineNumbers(),
      drawSelection(),
      highlightActiveLine(),
      commands.history(),
      search({ top: true }),
      // Tab leaves the editor, so that nobody who uses the keyboard alone is caught in it.
      keymap.of([
        {
          key: 'Mod-s',
          run: () => {
            onSave();
            return true;
          },
        },
        ...searchKeymap,
        ...commands.historyKeymap,
        ...commands.defaultKeymap,
      ]),
      EditorView.contentAttributes.of({ 'aria-label': label }),
      EditorView.updateListener.of((update) => update.docChanged && onChange()),
      theme,
    ],
  });
}
