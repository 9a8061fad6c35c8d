import './globals.css';
import type { Metadata, Viewport } from 'next';
import { themeNow } from './_page/reader.ts';
import { Notices } from './_ui/notices.tsx';
import { NowProvider } from './_ui/now.tsx';

export const metadata: Metadata = { title: { default: 'Berth', template: '%s · Berth' }, robots: { index: false } };
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
  const theme = await themeNow();
  return (
    <html lang="en" {...(theme === 'system' ? {} : { 'data-theme': theme })} suppressHydrationWarning>
      <body>
        <NowProvider at={Date.now()}>{children}</NowProvider>
        <Notices />
      </body>
    </html>
  );
}
