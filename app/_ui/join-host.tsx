'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { Left } from './time.tsx';
import { useCall } from './use-call.ts';

/** Makes a token with which one host may join. It is shown once. */
export function JoinHost() {
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState<{ token: string; expiresAt: string } | null>(null);
  const { run, pending, problem } = useCall('hosts.token', { quiet: true });
  const close = () => {
    setOpen(false);
    setToken(null);
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('Let a host join')}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={t('Let a host join')}
        sub={t('Its agent joins with a token that works once.')}
      >
        {token === null ? (
          <Form
            problem={problem}
            onSubmit={(data) =>
              void run({ body: { name: String(data.get('name')) } }).then(
                (answer) => answer.ok && setToken(answer.value),
              )
            }
          >
            <TextField
              name="name"
              label={t('Name of the host')}
              required
              maxLength={63}
              autoFocus
              autoCapitalize="none"
            />
            <FormProblem problem={problem} />
            <DialogFoot>
              <Button onClick={close}>{t('Not now')}</Button>
              <Button type="submit" variant="primary" pending={pending}>
                {t('Make a token')}
              </Button>
            </DialogFoot>
          </Form>
        ) : (
          <div className="grid gap-3">
            <p>
              {rich('Give this to the agent. It is shown only now and is good for {left}.', {
                left: <Left key="left" until={token.expiresAt} />,
              })}
            </p>
            <CopyText text={token.token} label={t('the token')} />
            <DialogFoot>
              <Button variant="primary" onClick={close}>
                {t('I have it')}
              </Button>
            </DialogFoot>
          </div>
        )}
      </Dialog>
    </>
  );
}
