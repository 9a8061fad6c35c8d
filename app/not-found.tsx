import { AuthFrame } from './_ui/auth-frame.tsx';
import { LinkButton } from './_ui/button.tsx';

export const metadata = { title: 'Not found' };

export default function NotFound() {
  return (
    <AuthFrame title="There is nothing here" sub="It does not exist, was deleted, or you may not know of it.">
      <LinkButton href="/" variant="primary">
        To the start
      </LinkButton>
    </AuthFrame>
  );
}
