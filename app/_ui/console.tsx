'use client';
import { t } from '#lib/language/text.ts';
import '@xterm/xterm/css/xterm.css';
import type { Terminal } from '@xterm/xterm';
import { RotateCcw } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { type ConsoleStatus, consoleSession, type OpenConsole, openConsole } from './console-session.ts';
import { cx } from './cx.ts';

const statusWords = {
  connecting: 'Connecting',
  open: 'Connected',
  lost: 'Connection lost. Trying again; what runs inside goes on.',
  ended: 'The session has ended.',
  refused: 'The console was closed: it is not running any more, or you may no longer open it.',
} as const satisfies Record<ConsoleStatus, string>;

/** Keys a phone does not have, and those one needs to get out of things. */
const keys = [
  { name: 'Esc', label: 'Esc', bytes: '\u001b' },
  { name: 'Tab', label: 'Tab', bytes: '\t' },
  { name: '^C', label: 'Control C', bytes: '\u0003' },
  { name: '^D', label: 'Control D', bytes: '\u0004' },
  { name: '^Z', label: 'Control Z', bytes: '\u001a' },
  { name: '↑', label: 'Up', bytes: '\u001b[A' },
  { name: '↓', label: 'Down', bytes: '\u001b[B' },
  { name: '←', label: 'Left', bytes: '\u001b[D' },
  { name: '→', label: '{arrow, select, other {Right}}', bytes: '\u001b[C' },
  { name: '|', label: 'Pipe', bytes: '|' },
  { name: '/', label: 'Slash', bytes: '/' },
  { name: '~', label: 'Tilde', bytes: '~' },
  { name: '-', label: 'Dash', bytes: '-' },
] as const;

/** A terminal in the container. The session lives on the host: reloading the page finds it again as it was. */
export function Console({ containerId, name }: { containerId: string; name: string }) {
  const box = useRef<HTMLDivElement>(null);
  const terminal = useRef<Terminal | null>(null);
  const link = useRef<OpenConsole | null>(null);
  const [status, setStatus] = useState<ConsoleStatus>('connecting');
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round is another session
  useEffect(() => {
    const element = box.current;
    if (element === null) return;
    let gone = false;
    let close = () => {};
    void Promise.all([import('@xterm/xterm'), import('@xterm/addon-fit')]).then(([{ Terminal }, { FitAddon }]) => {
      if (gone) return;
      Terminal.strings.promptLabel = t('Terminal input');
      Terminal.strings.tooMuchOutput = t('Too much output to announce, navigate to rows manually to read');
      const view = new Terminal({
        fontFamily: 'ui-monospace, SFMono-Regular, "Cascadia Mono", "DejaVu Sans Mono", monospace',
        fontSize: window.innerWidth < 768 ? 12 : 13.5,
        cursorBlink: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
        scrollback: 5000,
        screenReaderMode: true,
        theme: { background: '#0e1114', foreground: '#e8ecef', cursor: '#2dd4bf', selectionBackground: '#2a5753' },
      });
      const fit = new FitAddon();
      view.loadAddon(fit);
      view.open(element);
      fit.fit();
      terminal.current = view;
      const opened = openConsole(containerId, consoleSession(containerId), {
        size: () => ({ cols: view.cols, rows: view.rows }),
        onStatus: setStatus,
        onAttach: () => view.reset(),
        onBytes: (bytes) => view.write(bytes),
      });
      link.current = opened;
      const typing = view.onData((text) => opened.send(text));
      const binary = view.onBinary((text) => opened.send(Uint8Array.from(text, (char) => char.charCodeAt(0))));
      const sizing = view.onResize(() => opened.resize());
      const watch = new ResizeObserver(() => fit.fit());
      watch.observe(element);
      view.focus();
      close = () => {
        watch.disconnect();
        typing.dispose();
        binary.dispose();
        sizing.dispose();
        opened.close();
        view.dispose();
        terminal.current = null;
        link.current = null;
      };
    });
    return () => {
      gone = true;
      close();
    };
  }, [containerId, round]);

  const press = useCallback((bytes: string) => {
    link.current?.send(bytes);
    terminal.current?.focus();
  }, []);
  const over = status === 'ended' || status === 'refused';

  return (
    <section className="card overflow-hidden" aria-label={t('Console of {name}', { name })}>
      <header className="flex min-h-11 items-center gap-2.5 border-b border-line px-4 py-1.5">
        <span
          aria-hidden
          className={cx(
            'size-2 shrink-0 rounded-full',
            status === 'open' ? 'bg-good' : status === 'refused' ? 'bg-bad' : 'bg-warn',
          )}
        />
        <p role="status" className="mr-auto min-w-0 text-[13px]">
          {t(statusWords[status])}
        </p>
        {over && (
          <Button
            size="small"
            onClick={() => {
              consoleSession(containerId, true);
              setStatus('connecting');
              setRound((count) => count + 1);
            }}
          >
            <RotateCcw aria-hidden /> {t('New session')}
          </Button>
        )}
      </header>
      <div className="bg-[#0e1114] p-2">
        <div
          ref={box}
          className="h-[calc(100dvh-25rem)] min-h-72 max-md:h-[calc(100dvh-24rem)] md:h-[calc(100dvh-19rem)]"
        />
      </div>
      <div
        role="toolbar"
        aria-label={t('Keys')}
        className="flex gap-1 overflow-x-auto border-t border-line p-1.5 md:hidden"
      >
        {keys.map((key) => (
          <button
            key={key.name}
            type="button"
            aria-label={t(key.label, { arrow: '' })}
            className="min-h-11 min-w-11 shrink-0 rounded-md bg-sunk font-mono text-[13px] active:bg-line"
            // Keeps the phone's keyboard open.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => press(key.bytes)}
          >
            <span translate="no">{key.name}</span>
          </button>
        ))}
      </div>
    </section>
  );
}
