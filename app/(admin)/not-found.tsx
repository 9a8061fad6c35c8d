import { CircleSlash } from 'lucide-react';
import { t } from '#lib/language/text.ts';
import { NotFoundTitle } from '../_page/not-found-title.tsx';
import { LinkButton } from '../_ui/button.tsx';
import { Card, Empty } from '../_ui/page.tsx';

export default function NotFound() {
  return (
    <Card flush>
      <NotFoundTitle />
      <h1 className="sr-only">{t('Not found')}</h1>
      <Empty
        icon={CircleSlash}
        title={t('There is nothing here')}
        action={<LinkButton href="/">{t('To the start')}</LinkButton>}
      >
        {t('It does not exist, was deleted, or you may not know of it.')}
      </Empty>
    </Card>
  );
}
