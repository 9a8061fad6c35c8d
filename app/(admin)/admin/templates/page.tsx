import { Layers } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listTemplates } from '#lib/templates/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { ActionsHead } from '../../../_ui/actions-head.tsx';
import { BuildTemplate } from '../../../_ui/build-template.tsx';
import { bytes } from '../../../_ui/format.ts';
import { OfferTemplate } from '../../../_ui/offer-template.tsx';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { At } from '../../../_ui/time.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Templates') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/templates');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listTemplates(actor, query));
  const builds = hasPermission(actor, 'template.build');
  return (
    <>
      <PageHead title={t('Templates')}>{builds && <BuildTemplate />}</PageHead>
      <div className="card">
        {items.length === 0 ? (
          <Empty icon={Layers} title={t('No templates yet')}>
            {t('A template is a system that containers start from. Build one from its definition.')}
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Template')}</th>
                <th scope="col">{t('Version')}</th>
                <th scope="col">{t('Init')}</th>
                <th scope="col" className="num">
                  {t('Size')}
                </th>
                <th scope="col">{t('Layers')}</th>
                <th scope="col">{t('Built')}</th>
                {builds && <ActionsHead />}
              </tr>
            </thead>
            <tbody>
              {items.map((template) => (
                <tr key={template.id}>
                  <td>
                    <span className="font-semibold">{template.title}</span>
                    <div className="sub">
                      {[template.name, template.offered ? '' : t('not offered any more')].filter(Boolean).join(' · ')}
                    </div>
                  </td>
                  <td data-label={t('Version')}>{template.version}</td>
                  <td data-label={t('Init')}>{template.init}</td>
                  <td className="num" data-label={t('Size')}>
                    {bytes(template.bytes)}
                  </td>
                  <td data-label={t('Layers')}>
                    {template.layers.map((layer) => (
                      <code key={layer} className="mono mr-1" title={layer}>
                        {layer.replace('sha256:', '').slice(0, 12)}
                      </code>
                    ))}
                  </td>
                  <td data-label={t('Built')}>
                    <At at={template.createdAt} />
                  </td>
                  {builds && (
                    <td className="max-md:pt-2 md:text-right">
                      <OfferTemplate template={template} />
                    </td>
                  )}
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <Pager path="/admin/templates" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
