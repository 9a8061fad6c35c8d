import './globals.css';
import type { Metadata, Viewport } from 'next';
import dynamic from 'next/dynamic';
import { headers } from 'next/headers';
import { lookNow } from './_page/brand.ts';
import { plainIcon } from './_page/icon.ts';
import { actorNow, languageNow } from './_page/language.ts';
import { themeNow } from './_page/reader.ts';
import { KeepLanguage } from './_ui/language-choice.tsx';
import { LookProvider } from './_ui/look.tsx';
import { Notices } from './_ui/notices.tsx';
import { NowProvider } from './_ui/now.tsx';

/** Only for those who read it: a dynamic import is a file of its own. */
const German = dynamic(() => import('./_ui/german.tsx').then((one) => one.German));

export async function generateMetadata(): Promise<Metadata> {
  const { productName, favicon } = await lookNow();
  return {
    title: { default: productName, template: `%s · ${productName.replaceAll('%', '')}` },
    robots: { index: false },
    icons: { icon: favicon ?? plainIcon },
  };
}
export const viewport: Viewport = {
  width: 'device-width',
  initialScale: 1,
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#ffffff' },
    { media: '(prefers-color-scheme: dark)', color: '#15191d' },
  ],
};

/** The theme is read from a cookie here, so that the first picture has it and no script is needed for that. */
export default async function Layout({ children }: { children: React.ReactNode }) {
  const [theme, look, language, sent] = await Promise.all([themeNow(), lookNow(), languageNow(), headers()]);
  const actor = await actorNow();
  const nonce = sent.get('x-berth-nonce');
  const page = (
    <>
      <NowProvider at={Date.now()}>{children}</NowProvider>
      <Notices />
    </>
  );
  return (
    <html lang={language} {...(theme === 'system' ? {} : { 'data-theme': theme })} suppressHydrationWarning>
      <body>
        {look.style !== '' && <style nonce={nonce ?? undefined}>{look.style}</style>}
        <LookProvider look={look}>{language === 'de' ? <German>{page}</German> : page}</LookProvider>
        <KeepLanguage chosen={actor?.language ?? null} />
      </body>
    </html>
  );
}
