import { expect, it } from 'vitest';
import { editorState } from '#app/_ui/files/editor-state.ts';
import { mixedEnds } from '#app/_ui/files/line-ends.ts';

const opened = (text: string) => editorState(text, 'a file', { onChange: () => {}, onSave: () => {} });

it.each([
  ['line feeds', 'one\ntwo\nthree\n'],
  ['carriage returns and line feeds', 'one\r\ntwo\r\nthree\r\n'],
  ['carriage returns', 'one\rtwo\rthree'],
  ['one carriage return among line feeds', 'one\ntwo\r\nthree\nfour'],
  ['a lone carriage return in a line', 'progress 1%\rprogress 2%\ndone\r\n'],
  ['no end of line', 'one'],
])('a file with %s is saved as it was, but for the line that was changed', async (_what, text) => {
  const state = await opened(text);
  expect(state.sliceDoc()).toBe(text);
  const changed = state.update({ changes: { from: 0, insert: 'x' } }).state;
  expect(changed.sliceDoc()).toBe(`x${text}`);
});

it('a new line ends as the others do, and in a file with different ends as usual here', async () => {
  const withLine = async (text: string) => {
    const state = await opened(text);
    return state.update(state.replaceSelection(`new${state.lineBreak}`)).state.sliceDoc();
  };
  expect(await withLine('one\r\ntwo\r\n')).toBe('new\r\none\r\ntwo\r\n');
  expect(await withLine('one\ntwo\r\n')).toBe('new\none\ntwo\r\n');
  expect(['a\r\nb\n', 'a\rb\n'].map(mixedEnds)).toEqual([true, true]);
  expect(['a\r\nb\r\n', 'a\nb', 'a\rb', ''].map(mixedEnds)).toEqual([false, false, false, false]);
});

it('what is pasted ends its lines as the file does', async () => {
  const { EditorView } = await import('@codemirror/view');
  const pasted = async (text: string) => {
    const state = await opened(text);
    return state.facet(EditorView.clipboardInputFilter).reduce((input, filter) => filter(input, state), 'a\r\nb\nc\rd');
  };
  expect(await pasted('one\n')).toBe('a\nb\nc\nd');
  expect(await pasted('one\r\n')).toBe('a\r\nb\r\nc\r\nd');
});
