'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { WebhookEvent } from '#lib/contract/webhooks.ts';
import { type Text, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, Form, FormProblem, TextField } from './form.tsx';
import { useCall } from './use-call.ts';

const words: Record<WebhookEvent, Text> = {
  'operation.succeeded': 'An operation succeeded',
  'operation.failed': 'An operation failed',
  'operation.cancelled': 'An operation was cancelled',
  'operation.stuck': 'An operation is stuck and waits for a person',
};

/** First the wish, then the secret, which is shown this once. */
export function CreateWebhook() {
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { run, pending, problem } = useCall('webhooks.create', { quiet: true });
  const submit = (data: FormData) => {
    const events = WebhookEvent.options.filter((event) => data.get(event) !== null);
    void run({ body: { url: String(data.get('url')).trim(), events } }).then(
      (answer) => answer.ok && setSecret(answer.value.secret),
    );
  };
  const close = () => {
    setOpen(false);
    setSecret(null);
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('New webhook')}
      </Button>
      <Dialog
        open={open}
        onClose={close}
        title={secret === null ? t('New webhook') : t('The secret of your webhook')}
        sub={
          secret === null
            ? t('An https address on the internet that is told what happens.')
            : t('Your program verifies with it that what it hears is from here. It is shown this once.')
        }
      >
        {secret === null ? (
          <Form problem={problem} onSubmit={submit}>
            <TextField
              name="url"
              label={t('Address')}
              type="url"
              required
              maxLength={2000}
              placeholder="https://"
              autoFocus
            />
            <fieldset className="grid gap-2">
              <legend className="mb-1.5 text-[13px] font-[550]">{t('Tell it when')}</legend>
              {WebhookEvent.options.map((event) => (
                <Choice
                  key={event}
                  type="checkbox"
                  name={event}
                  label={t(words[event])}
                  defaultChecked={event !== 'operation.cancelled'}
                />
              ))}
            </fieldset>
            <FormProblem problem={problem} />
            <DialogFoot>
              <Button onClick={close}>{t('Not now')}</Button>
              <Button type="submit" variant="primary" pending={pending}>
                {t('Create')}
              </Button>
            </DialogFoot>
          </Form>
        ) : (
          <>
            <CopyText text={secret} label={t('the secret')} />
            <DialogFoot>
              <Button variant="primary" onClick={close}>
                {t('I have kept it')}
              </Button>
            </DialogFoot>
          </>
        )}
      </Dialog>
    </>
  );
}
