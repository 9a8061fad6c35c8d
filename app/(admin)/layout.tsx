import { actorNow, readerOf, themeNow } from '../_page/reader.ts';
import { Shell } from '../_ui/shell.tsx';

/** The frame for who is signed in. Everybody else gets none: the page below sends them to the sign-in. */
export default async function Layout({ children }: { children: React.ReactNode }) {
  const actor = await actorNow();
  if (actor === undefined || actor.mustEnrol === true) return children;
  const [me, theme] = await Promise.all([readerOf(actor), themeNow()]);
  return (
    <Shell me={me} theme={theme}>
      {children}
    </Shell>
  );
}
