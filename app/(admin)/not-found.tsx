import { CircleSlash } from 'lucide-react';
import { NotFoundTitle } from '../_page/not-found-title.tsx';
import { LinkButton } from '../_ui/button.tsx';
import { Card, Empty } from '../_ui/page.tsx';

export default function NotFound() {
  return (
    <Card flush>
      <NotFoundTitle />
      <h1 className="sr-only">Not found</h1>
      <Empty icon={CircleSlash} title="There is nothing here" action={<LinkButton href="/">To the start</LinkButton>}>
        It does not exist, was deleted, or you may not know of it.
      </Empty>
    </Card>
  );
}
