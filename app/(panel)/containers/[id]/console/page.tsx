import { SquareTerminal } from 'lucide-react';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Denied } from '../../../../_page/denied.tsx';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { Console } from '../../../../_ui/console.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}/console`);
  const container = await containerFor(actor, id);
  const verdict = container.can.console;
  if (verdict === undefined) {
    return <Denied actor={actor} container={container} verb="container.console" title={t('No console for you here')} />;
  }
  if (!verdict.allowed) {
    return (
      <Card flush>
        <Empty icon={SquareTerminal} title={t('No console now')}>
          {verdict.reason && said(verdict.reason)}
        </Empty>
      </Card>
    );
  }
  return <Console containerId={container.id} name={container.name} />;
}
