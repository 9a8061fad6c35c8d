import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { holdsBinding } from '#lib/holds/binding.ts';
import { listOutages } from '#lib/outages/list.ts';
import { actorNow, isStaff, readerOf, themeNow } from '../_page/reader.ts';
import { HoldBanner } from '../_ui/holds/hold-banner.tsx';
import { OutageBanner } from '../_ui/outages.tsx';
import { Shell } from '../_ui/shell.tsx';

/** Those that last and concern a tenant. Staff have a page for them. */
async function outagesNow(actor: UserActor) {
  if (isStaff(actor) || !hasPermission(actor, 'outage.read')) return [];
  return (await listOutages(actor, { open: true, limit: 5 })).items;
}

/** The frame for who is signed in. Everybody else gets none: the page below sends them to the sign-in. */
export default async function Layout({ children }: { children: React.ReactNode }) {
  const actor = await actorNow();
  if (actor === undefined || actor.mustEnrol === true) return children;
  const [me, theme, outages, holds] = await Promise.all([
    readerOf(actor),
    themeNow(),
    outagesNow(actor),
    holdsBinding(actor),
  ]);
  return (
    <Shell me={me} theme={theme}>
      <OutageBanner outages={outages} />
      <HoldBanner holds={holds} />
      {children}
    </Shell>
  );
}
