import { FileQuestionMark, FolderOpen } from 'lucide-react';
import { hasPermission } from '#lib/access/authorize.ts';
import { wantsTemplate } from '#lib/contract/states.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Denied } from '../../../../../_page/denied.tsx';
import { actorFor, containerFor } from '../../../../../_page/reader.ts';
import { ChangesView } from '../../../../../_ui/files/changes-view.tsx';
import { Card, Empty } from '../../../../../_ui/page.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}/files/changes`);
  const container = await containerFor(actor, id);
  const { can } = container;
  if (can.files === undefined) {
    return <Denied actor={actor} container={container} verb="file.read" title={t('Files are not yours to see here')} />;
  }
  if (!can.files.allowed) {
    return (
      <Card flush>
        <Empty icon={FolderOpen} title={t('No files now')}>
          {said(can.files.reason ?? '')}
        </Empty>
      </Card>
    );
  }
  const why = wantsTemplate('recover', container.template.name);
  if (why !== null) {
    return (
      <Card flush>
        <Empty icon={FileQuestionMark} title={t('There is nothing to compare with')}>
          {said(why)}
        </Empty>
      </Card>
    );
  }
  return <ChangesView containerId={id} mayChange={hasPermission(actor, 'file.change')} />;
}
