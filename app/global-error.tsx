'use client';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import './globals.css';

/** The last resort, when even the frame of the page cannot be made. Depends on nothing that could have failed. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang={spoken()}>
      <body>
        <title>{t('Something went wrong')}</title>
        <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-3 px-4">
          <h1 className="text-lg font-[650]">{t('The panel could not be shown')}</h1>
          <p>{t('Something went wrong on our side. Nothing was changed, and your containers go on as they are.')}</p>
          {error.digest !== undefined && (
            <p className="sub font-mono">{t('Reference {reference}', { reference: error.digest })}</p>
          )}
          {/* biome-ignore lint/a11y/useValidAnchor: a whole new page, for the old one is broken */}
          <a href="" className="underline underline-offset-3">
            {t('Load it again')}
          </a>
        </main>
      </body>
    </html>
  );
}
