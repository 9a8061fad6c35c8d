import { FolderOpen } from 'lucide-react';
import { hasPermission } from '#lib/access/authorize.ts';
import { fromBase64, pathFault } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Denied } from '../../../../_page/denied.tsx';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { FileBrowser } from '../../../../_ui/files/browser.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ path?: string | string[] }> };

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}/files`);
  const container = await containerFor(actor, id);
  const verdict = container.can.files;
  if (verdict === undefined) {
    return <Denied actor={actor} container={container} verb="file.read" title={t('Files are not yours to see here')} />;
  }
  if (!verdict.allowed) {
    return (
      <Card flush>
        <Empty icon={FolderOpen} title={t('No files now')}>
          {said(verdict.reason ?? '')}
        </Empty>
      </Card>
    );
  }
  const { path } = await searchParams;
  const asked = typeof path === 'string' && pathFault(path) === null ? fromBase64(path) : null;
  return (
    <FileBrowser
      containerId={container.id}
      path={asked || '/'}
      mayChange={hasPermission(actor, 'file.change')}
      mayRestore={hasPermission(actor, 'backup.restore')}
    />
  );
}
