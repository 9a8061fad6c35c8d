'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { NewToken, type Robot } from './new-token.tsx';
import { TokenList } from './token-list.tsx';
import { useAnswer } from './use-answer.ts';

/** The tokens of a service account, which has no other way in: listed, made and ended by whoever manages it. */
export function ServiceTokensDialog({ robot, onClose }: { robot: Robot; onClose: () => void }) {
  const [making, setMaking] = useState(false);
  const { found, problem, again } = useAnswer('tokens.list', { query: { serviceAccountId: robot.id } });
  const made = () => {
    setMaking(false);
    again();
  };
  if (making) return <NewToken robot={robot} onClose={made} />;
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t('Tokens of {name}', { name: robot.name })}
      sub={t(
        'Each does what the service account may at the time, and ends when whoever made it could make it no more.',
      )}
    >
      {problem !== null && <FormProblem problem={problem} />}
      {found !== null &&
        (found.items.length === 0 ? (
          <p>{t('There is none yet: the service account has no way in.')}</p>
        ) : (
          <div className="-mx-5">
            <TokenList tokens={found.items} others onRevoked={again} />
          </div>
        ))}
      <DialogFoot>
        <Button onClick={onClose}>{t('Close')}</Button>
        <Button variant="primary" onClick={() => setMaking(true)}>
          <Plus aria-hidden /> {t('New token')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
