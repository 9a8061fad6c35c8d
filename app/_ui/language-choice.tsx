'use client';
import { useEffect } from 'react';
import { Language, languageNames, languages } from '#lib/contract/language.ts';
import { languageCookie } from '#lib/language/cookie.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { SelectField } from './form.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

const keptSeconds = 31_536_000;

function keep(language: Language | null): void {
  const age = language === null ? 0 : keptSeconds;
  // biome-ignore lint/suspicious/noDocumentCookie: the cookie store is missing in browsers we serve
  document.cookie = `${languageCookie}=${language ?? ''}; path=/; max-age=${age}; samesite=lax`;
}

/** What somebody has chosen for all their browsers is what this one begins with next time, before it is known who they are. */
export function KeepLanguage({ chosen }: { chosen: Language | null }) {
  useEffect(() => {
    if (chosen !== null) keep(chosen);
  }, [chosen]);
  return null;
}

/** For somebody who is signed in: the choice goes with them, and their mails follow it. */
export function LanguageCard({ chosen }: { chosen: Language | null }) {
  const { run, pending } = useCall('me.setLanguage');
  const choose = (value: string) => {
    const language = Language.nullable().parse(value === '' ? null : value);
    void run({ body: { language } }).then((answer) => {
      if (!answer.ok) return;
      keep(language);
      // Every text of the page is another one.
      window.location.reload();
    });
  };
  return (
    <Card title={t('Language')}>
      <div className="max-w-80">
        <SelectField
          name="language"
          label={t('Read the panel and its mails in')}
          value={chosen ?? ''}
          disabled={pending}
          onChange={(event) => choose(event.target.value)}
          options={[
            { value: '', label: t('As the browser says') },
            ...languages.map((one) => ({ value: one, label: languageNames[one] })),
          ]}
        />
      </div>
    </Card>
  );
}

/** For whoever is not signed in: a press, kept in this browser. */
export function LanguageLinks() {
  const present = spoken();
  return (
    <ul aria-label={t('Language')} className="flex gap-4 text-[13px]">
      {languages.map((one) => (
        <li key={one}>
          <button
            type="button"
            lang={one}
            aria-pressed={one === present}
            className="min-h-8 text-muted underline-offset-3 hover:underline aria-pressed:font-[550] aria-pressed:text-text max-md:min-h-11"
            onClick={() => {
              keep(one);
              window.location.reload();
            }}
          >
            {languageNames[one]}
          </button>
        </li>
      ))}
    </ul>
  );
}
