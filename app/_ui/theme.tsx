'use client';
import { Monitor, Moon, Sun } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { cx } from './cx.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];
const icons = { system: Monitor, light: Sun, dark: Moon };
const words = { system: 'As the system', light: 'Light', dark: 'Dark' } as const;

/** The choice is a cookie, so that the server renders the right one at once and nothing flashes. */
export function ThemeChoice({ initial }: { initial: string }) {
  const [theme, setTheme] = useState<Theme>(themes.find((each) => each === initial) ?? 'system');
  const choose = (next: Theme) => {
    setTheme(next);
    if (next === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
    // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing in browsers we serve
    document.cookie = `berth-theme=${next}; path=/; max-age=31536000; samesite=lax`;
  };
  return (
    <div role="radiogroup" aria-label={t('Theme')} className="flex gap-0.5 rounded-control bg-sunk p-0.5">
      {themes.map((each) => {
        const Icon = icons[each];
        return (
          <label
            key={each}
            title={t(words[each])}
            className={cx(
              'relative grid min-h-7 flex-1 cursor-pointer place-items-center rounded-[6px] text-muted max-md:min-h-11 has-focus-visible:outline-2 has-focus-visible:outline-(--focus)',
              theme === each && 'bg-surface text-text shadow-card',
            )}
          >
            <input
              type="radio"
              name="theme"
              className="sr-only"
              checked={theme === each}
              onChange={() => choose(each)}
            />
            <Icon aria-hidden className="size-3.5" />
            <span className="sr-only">{t(words[each])}</span>
          </label>
        );
      })}
    </div>
  );
}
