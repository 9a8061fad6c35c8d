'use client';
import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Choice, Form, FormProblem, SelectField, TextArea, TextField } from './form.tsx';
import { keyLines } from './keys.ts';
import { planWords } from './plan-words.ts';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useCall } from './use-call.ts';
import { useChoices, useOffered } from './use-choices.ts';

export function CreateContainer() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> {t('New container')}
      </Button>
      {open && <CreateDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function CreateDialog({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const { run, pending, problem } = useCall('containers.create', { quiet: true });
  const { items: tenants, problem: noTenants } = useChoices('tenants');
  const { items: plans, problem: noPlans } = useOffered('plans');
  const { items: templates, problem: noTemplates } = useOffered('templates');
  const failed = noTenants ?? noPlans ?? noTemplates;
  const ready = tenants !== null && plans !== null && templates !== null;
  const missing =
    ready &&
    (tenants.length === 0
      ? t('It needs a tenant first. Create one on its page, then come back.')
      : plans.length === 0
        ? t('It needs a plan first. Create one on its page, then come back.')
        : templates.length === 0
          ? t('It needs a built template first. Create one on its page, then come back.')
          : null);

  const submit = (data: FormData) => {
    const password = String(data.get('rootPassword') ?? '');
    void run({
      body: {
        name: String(data.get('name')).trim(),
        tenantId: String(data.get('tenantId')),
        planId: String(data.get('planId')),
        templateId: String(data.get('templateId')),
        sshKeys: keyLines(String(data.get('sshKeys') ?? '')),
        start: data.get('start') !== null,
        ...(password === '' ? {} : { rootPassword: password }),
      },
    }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      if (answer.value.containerId !== null) router.push(`/containers/${answer.value.containerId}`);
    });
  };

  return (
    <Dialog open wide onClose={onClose} title={t('New container')}>
      {!ready && failed === null && <ChoicesSkeleton />}
      {failed !== null && <FormProblem problem={failed} />}
      {missing && <p>{missing}</p>}
      {ready && !missing && (
        <Form problem={problem} onSubmit={submit}>
          <div className="grid gap-4 sm:grid-cols-2">
            <TextField
              name="name"
              label={t('Name')}
              required
              autoFocus
              maxLength={63}
              autoCapitalize="none"
              spellCheck={false}
              autoComplete="off"
              placeholder="web-1"
              hint={t('Lower-case letters, digits and dashes.')}
            />
            <SelectField
              name="tenantId"
              label={t('Tenant')}
              options={tenants.map((each) => ({ value: each.id, label: each.name }))}
            />
            <SelectField
              name="planId"
              label={t('Plan')}
              options={plans.map((each) => ({ value: each.id, label: `${each.name} (${planWords(each)})` }))}
            />
            <SelectField
              name="templateId"
              label={t('System')}
              options={templates.map((each) => ({ value: each.id, label: `${each.title} (${each.version})` }))}
            />
          </div>
          <TextArea
            name="sshKeys"
            label={t('ssh keys of root (optional)')}
            rows={3}
            className="font-mono text-xs"
            spellCheck={false}
            placeholder="ssh-ed25519 AAAA… laptop"
            hint={t('One per line.')}
          />
          <TextField
            name="rootPassword"
            label={t('Root password (optional)')}
            type="password"
            autoComplete="new-password"
            hint={t('At least 10 characters. The tenant can change both later.')}
          />
          <Choice type="checkbox" name="start" defaultChecked label={t('Start it when it is made')} />
          <FormProblem problem={problem} />
          <DialogFoot>
            <Button onClick={onClose}>{t('Not now')}</Button>
            <Button type="submit" variant="primary" pending={pending}>
              {t('Create')}
            </Button>
          </DialogFoot>
        </Form>
      )}
    </Dialog>
  );
}
