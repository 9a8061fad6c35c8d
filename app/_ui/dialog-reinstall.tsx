'use client';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { importedTemplate } from '#lib/contract/transfers.ts';
import { t } from '#lib/language/text.ts';
import { Choice, TextArea, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { keyLines } from './keys.ts';
import { Outcome, undoWords } from './outcome.tsx';
import { releaseBody, useReleaseChoice } from './release-choice.tsx';
import { ChoicesSkeleton } from './skeleton.tsx';
import { useCall } from './use-call.ts';
import { useChoices, useOffered, useRetentionHours } from './use-choices.ts';

/** A fresh system. Says what it changes and keeps for exactly what is chosen, before the button. */
export function ReinstallDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.reinstall', { quiet: true });
  const templates = useOffered('templates', container.template.id);
  const plan = useChoices('plans').items?.find(({ id }) => id === container.planId);
  const hours = useRetentionHours(container.planId);
  const release = useReleaseChoice(container.id);
  // An imported system is no template: one has to be chosen.
  const imported = container.template.name === importedTemplate;
  const [templateId, setTemplateId] = useState(container.template.id);
  const [keepOld, setKeepOld] = useState(true);
  const [reset, setReset] = useState(false);

  const offered = ({ id, name }: { id: string; name: string }) =>
    id === container.template.id || plan === undefined || plan.templates.length === 0 || plan.templates.includes(name);
  const submit = (data: FormData) => {
    const password = String(data.get('rootPassword') ?? '');
    const keys = keyLines(String(data.get('sshKeys') ?? ''));
    void run({
      params: { id: container.id },
      body: {
        ...(templateId === container.template.id ? {} : { templateId }),
        ...releaseBody(release.chosen),
        keepOld,
        resetUsers: reset,
        ...(reset && password !== '' ? { rootPassword: password } : {}),
        ...(reset && keys.length > 0 ? { sshKeys: keys } : {}),
      },
    }).then((answer) => answer.ok && onClose());
  };

  return (
    <FormDialog
      wide
      title={t('Reinstall {name}', { name: container.name })}
      sub={t('A fresh system in place of the present one; it restarts if it runs.')}
      cancel={t('Change nothing')}
      submit={t('Reinstall')}
      reason={imported && templateId === container.template.id ? t('Choose a system first.') : null}
      pending={pending}
      problem={problem ?? templates.problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('System')}</legend>
        {templates.items === null && templates.problem === null && <ChoicesSkeleton />}
        <div className="grid gap-2 sm:grid-cols-2">
          {templates.items?.filter(offered).map((template) => (
            <Choice
              key={template.id}
              type="radio"
              name="template"
              label={template.title}
              hint={`${template.name} ${template.version}${template.id === container.template.id ? ` · ${t('as now')}` : ''}`}
              checked={templateId === template.id}
              onChange={() => setTemplateId(template.id)}
            />
          ))}
        </div>
      </fieldset>
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('Users and files')}</legend>
        <Choice
          type="checkbox"
          label={t('Show the old files at /old')}
          hint={t('Read-only, for as long as they are kept for undo.')}
          checked={keepOld}
          onChange={(event) => setKeepOld(event.target.checked)}
        />
        <Choice
          type="checkbox"
          label={t('Forget users, passwords and keys')}
          hint={t('Choose this if somebody got in who should not have.')}
          checked={reset}
          onChange={(event) => setReset(event.target.checked)}
        />
      </fieldset>
      {reset && (
        <div className="grid gap-4">
          <TextField
            name="rootPassword"
            label={t('New root password')}
            type="password"
            autoComplete="new-password"
            minLength={10}
            hint={t('At least 10 characters. Leave empty to log in by key only.')}
          />
          <TextArea
            name="sshKeys"
            label={t('ssh keys that may log in')}
            rows={3}
            placeholder="ssh-ed25519 AAAA… laptop"
            hint={t('One per line.')}
            className="font-mono text-xs"
          />
        </div>
      )}
      {release.field}
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            keepOld
              ? t('all system files and everything installed is replaced.')
              : t('all system files and everything installed is replaced; your own files go with it.'),
            ...(reset ? [t('users, passwords and keys are forgotten.')] : []),
          ]}
          keeps={[
            t('host name, address, port forwards and backups.'),
            ...(reset ? [] : [t('users, passwords and ssh keys.')]),
            ...(keepOld ? [t('your old files, readable at /old.')] : []),
          ]}
          undo={undoWords(hours)}
        />
      </div>
    </FormDialog>
  );
}
