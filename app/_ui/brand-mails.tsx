'use client';
import { useState } from 'react';
import { type Brand, MailKind, mailWords } from '#lib/contract/brands.ts';
import { type Text, t } from '#lib/language/text.ts';
import { wordsOf } from './brand-form.tsx';
import { Button } from './button.tsx';
import { Form, FormProblem, SelectField, TextArea, TextField } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

const titles: Record<MailKind, Text> = {
  'first-login': 'An account was made',
  invitation: 'Somebody was invited',
  reset: 'A new password was asked for',
  'password-changed': 'The password was changed',
  'factor-on': 'A second factor was set up',
  'factor-off': 'The second factor was taken away',
  'recovery-code-used': 'A recovery code was used',
  'passkey-added': 'A passkey was added',
  'passkey-removed': 'A passkey was removed',
  'provider-added': 'Sign-in by another service was connected',
  'provider-removed': 'Sign-in by another service was disconnected',
  ticket: 'A ticket was answered',
  'ticket-late': 'A ticket is past its target',
  outage: 'An outage, and what is new of it',
  'outage-over': 'An outage is over',
  'backup-failed': 'A scheduled backup failed',
  'backup-damaged': 'Backups are damaged',
  'backup-test-failed': 'A restore test was not passed',
  'host-lost': 'A server is lost',
  'released-early': 'Files kept for undo were released',
};

/** Mails in the brand's own words, with a look at how they would be. */
export function BrandMails({ brand }: { brand: Brand }) {
  const [kind, setKind] = useState<MailKind>('first-login');
  const [shown, setShown] = useState<{ subject: string; body: string } | null>(null);
  const preview = useCall('brands.previewMail', { quiet: true });
  const set = useCall('brands.set', { quiet: true });
  const template = brand.mails[kind];
  const keep = (mails: Brand['mails']) =>
    void set
      .run({ params: { id: brand.resellerId }, body: { ...wordsOf(brand), mails } })
      .then((answer) => answer.ok && notifyDone(t('The mail is kept.')));
  const read = (data: FormData) => ({ subject: String(data.get('subject')), body: String(data.get('body')) });
  return (
    <Card title={t('Mails')}>
      <Form
        key={kind}
        problem={preview.problem ?? set.problem}
        onSubmit={(data) => {
          const wish = { kind, template: read(data) };
          void preview
            .run({ params: { id: brand.resellerId }, body: wish })
            .then((answer) => answer.ok && setShown(answer.value));
        }}
      >
        <SelectField
          name="kind"
          label={t('Mail')}
          value={kind}
          onChange={(event) => {
            setKind(MailKind.parse(event.target.value));
            setShown(null);
          }}
          options={MailKind.options.map((value) => ({ value, label: t(titles[value]) }))}
        />
        <TextField name="subject" label={t('Subject')} maxLength={150} defaultValue={template?.subject ?? ''} />
        <TextArea
          name="body"
          label={t('Text')}
          rows={6}
          maxLength={5000}
          defaultValue={template?.body ?? ''}
          hint={t('There are {words}. Until you keep words of yours, the panel’s own are sent.', {
            words: mailWords[kind].map((one) => `{{${one}}}`).join(', '),
          })}
        />
        <FormProblem problem={preview.problem ?? set.problem} />
        {shown !== null && (
          <div role="status" className="grid gap-1 rounded-control bg-sunk p-3 text-[13px]">
            <strong className="font-semibold">{shown.subject}</strong>
            <p className="whitespace-pre-line [overflow-wrap:anywhere]">{shown.body}</p>
          </div>
        )}
        <div className="flex flex-wrap gap-2">
          <Button type="submit" pending={preview.pending}>
            {t('Preview')}
          </Button>
          <Button
            variant="primary"
            pending={set.pending}
            onClick={(event) => {
              const form = event.currentTarget.form;
              if (form !== null) keep({ ...brand.mails, [kind]: read(new FormData(form)) });
            }}
          >
            {t('{what, select, other {Keep}}', { what: 'words' })}
          </Button>
          {template !== undefined && (
            <Button
              pending={set.pending}
              onClick={() => {
                const { [kind]: _, ...rest } = brand.mails;
                keep(rest);
              }}
            >
              {t('Back to the panel’s own')}
            </Button>
          )}
        </div>
      </Form>
    </Card>
  );
}
