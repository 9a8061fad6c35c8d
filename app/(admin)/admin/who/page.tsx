import { UserSearch } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { listContainers } from '#lib/containers/list.ts';
import type { Container } from '#lib/contract/containers.ts';
import { Id } from '#lib/contract/ids.ts';
import { Permission } from '#lib/contract/permissions.ts';
import { t } from '#lib/language/text.ts';
import { whoCan } from '#lib/people/who-can.ts';
import { param, type Search } from '../../../_page/query.ts';
import { actorFor, containerFor, found } from '../../../_page/reader.ts';
import { withQuery } from '../../../_ui/address.ts';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { WhoForm } from '../../../_ui/rights/who-form.tsx';
import { WhoTable } from '../../../_ui/rights/who-table.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Who can') };
}
const most = 20;

/** "Who can do this to that?", by the address alone: so that an answer can be sent to somebody who may ask too. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/who');
  if (!hasPermission(actor, 'access.who')) notFound();
  const verb = Permission.safeParse(await param(searchParams, 'verb')).data ?? 'container.console';
  const asked = await param(searchParams, 'container');
  const fits = asked === undefined ? [] : await containersBy(actor, asked);
  const [only] = fits.length === 1 ? fits : [];
  const answer = only === undefined ? null : await found(whoCan(actor, { verb, container: only.id }));
  return (
    <>
      <PageHead title={t('Who can…?')} sub={t('Everybody who may do one thing to one container, and by which role.')} />
      <WhoForm verb={verb} container={only?.name ?? asked ?? ''} />
      {answer !== null && only !== undefined && <WhoTable answer={answer} container={only} />}
      {fits.length > 1 && (
        <Card title={t('Which of these?')} flush className="mt-4">
          <ul className="divide-y divide-line">
            {fits.map((one) => (
              <li key={one.id} className="px-4 py-2.5">
                <Link
                  className="font-[550] underline underline-offset-3"
                  href={withQuery('/admin/who', { verb, container: one.id })}
                >
                  {one.name}
                </Link>{' '}
                <span className="sub">{one.tenantName}</span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      {asked !== undefined && fits.length === 0 && (
        <Card flush className="mt-4">
          <Empty icon={UserSearch} title={t('There is no container “{asked}”', { asked })}>
            {t('Its name, a part of it, or its id.')}
          </Empty>
        </Card>
      )}
    </>
  );
}

/** The one of this id or of exactly this name; else all whose name or address has it. */
async function containersBy(actor: UserActor, asked: string): Promise<Container[]> {
  if (Id.safeParse(asked).success) return [await containerFor(actor, asked)];
  const { items } = await listContainers(actor, { q: asked.slice(0, 100), limit: most });
  const exact = items.filter((one) => one.name === asked);
  return exact.length > 0 ? exact : items;
}
