import './globals.css';
import type { Metadata, Viewport } from 'next';
import { headers } from 'next/headers';
import { lookNow } from './_page/brand.ts';
import { plainIcon } from './_page/icon.ts';
import { themeNow } from './_page/reader.ts';
import { LookProvider } from './_ui/look.tsx';
import { Notices } from './_ui/notices.tsx';
import { NowProvider } from './_ui/now.tsx';

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
  const [theme, look, nonce] = [await themeNow(), await lookNow(), (await headers()).get('x-berth-nonce')];
  return (
    <html lang="en" {...(theme === 'system' ? {} : { 'data-theme': theme })} suppressHydrationWarning>
      <body>
        {look.style !== '' && <style nonce={nonce ?? undefined}>{look.style}</style>}
        <LookProvider look={look}>
          <NowProvider at={Date.now()}>{children}</NowProvider>
        </LookProvider>
        <Notices />
      </body>
    </html>
  );
}
