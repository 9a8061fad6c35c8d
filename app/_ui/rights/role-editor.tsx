'use client';
import { useState } from 'react';
import type { Permission } from '#lib/contract/permissions.ts';
import { type RoleChoice, roleWords } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from '../button.tsx';
import { SelectField, TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { notifyDone } from '../notify.tsx';
import { useCall } from '../use-call.ts';
import { groupsOf } from './groups.ts';
import { aboutOf, titleOf } from './role-words.ts';

/** A role of the account's own: made as a copy of a built-in one, or changed. Rights that the reader lacks cannot be put in. */
export function RoleEditor({
  tenantId,
  roles,
  edited: role,
  onClose,
}: {
  /** Whose it will be; null: the provider's. */
  tenantId: string | null;
  roles: readonly RoleChoice[];
  /** The one to change; null: a new one. */
  edited: RoleChoice | null;
  onClose: () => void;
}) {
  const create = useCall('roles.create', { quiet: true });
  const change = useCall('roles.change', { quiet: true });
  const { pending, problem } = role === null ? create : change;
  const bases = roles.filter((one) => one.builtIn);
  const start =
    role === null
      ? (bases.find((one) => one.lacks.length === 0) ?? bases[0])
      : bases.find((one) => one.role === role.base);
  const [base, setBase] = useState(start);
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set(role?.permissions ?? givable(start)));
  if (base === undefined) return null;
  const whole = chosen.size === base.permissions.length;
  const submit = async (data: FormData) => {
    const [title, about] = [String(data.get('title')), String(data.get('about'))];
    const permissions = base.permissions.filter((one) => chosen.has(one));
    const answer =
      role === null
        ? await create.run({
            body: { ...(tenantId === null ? {} : { tenantId }), title, about, base: base.base, permissions },
          })
        : await change.run({ params: { id: role.role }, body: { title, about, permissions } });
    if (!answer.ok) return;
    onClose();
    notifyDone(
      role === null
        ? t('{title} can be given now.', { title })
        : t('{title} is changed, for whoever has it.', { title }),
    );
  };
  return (
    <FormDialog
      wide
      onClose={onClose}
      title={role === null ? t('New role') : t('Change the role {title}', { title: role.title })}
      sub={
        role === null
          ? t('A copy of a built-in role with some of its rights left out.')
          : t('Whoever has it has the change from their next click on.')
      }
      problem={problem}
      onSubmit={(data) => void submit(data)}
      cancel={t('Not now')}
      submit={role === null ? t('Make the role') : t('Change the role')}
      pending={pending}
      reason={
        chosen.size === 0
          ? t('Choose at least one right.')
          : whole
            ? t('That is the whole of {role}: leave something out, or give that role.', {
                role: said(roleWords[base.base].title),
              })
            : null
      }
    >
      <TextField
        name="title"
        label={t('Name')}
        required
        maxLength={60}
        autoFocus
        autoComplete="off"
        defaultValue={role?.title}
      />
      <TextField
        name="about"
        label={t('In a sentence')}
        maxLength={200}
        autoComplete="off"
        defaultValue={role?.about}
        hint={t('For whoever gives it.')}
      />
      {role === null && (
        <SelectField
          name="base"
          label={t('Copy of')}
          value={base.role}
          onChange={(event) => {
            const next = bases.find((one) => one.role === event.target.value);
            setBase(next);
            setChosen(new Set(givable(next)));
          }}
          options={bases.map((one) => ({ value: one.role, label: titleOf(one) }))}
          hint={aboutOf(base)}
        />
      )}
      <div className="grid gap-3">
        <div className="flex flex-wrap items-center gap-2">
          <p className="mr-auto text-[13px] font-[550]" aria-live="polite">
            {t('{n} of {all} rights', { n: chosen.size, all: base.permissions.length })}
          </p>
          <Button size="small" onClick={() => setChosen(new Set(givable(base).filter((one) => /\.read$/.test(one))))}>
            {t('Looking only')}
          </Button>
          <Button size="small" onClick={() => setChosen(new Set(givable(base)))}>
            {t('All you may give')}
          </Button>
        </div>
        {groupsOf(base.permissions).map(({ title, rights }) => (
          <fieldset key={title} className="rounded-control border border-line px-3 pt-1 pb-2">
            <legend className="px-1 text-[12.5px] font-semibold">{title}</legend>
            <div className="grid gap-x-4 sm:grid-cols-2">
              {rights.map(({ right, words }) => {
                const lacks = base.lacks.includes(right);
                return (
                  <label key={right} className="flex cursor-pointer items-start gap-2 py-1 text-[13px] max-md:py-2">
                    <input
                      type="checkbox"
                      className="mt-0.5 size-4 shrink-0 accent-(--brand)"
                      checked={chosen.has(right)}
                      disabled={lacks}
                      onChange={() =>
                        setChosen((before) => {
                          const next = new Set(before);
                          if (!next.delete(right)) next.add(right);
                          return next;
                        })
                      }
                    />
                    <span>
                      {words}
                      {lacks && <span className="sub block">{t('You do not have this yourself.')}</span>}
                    </span>
                  </label>
                );
              })}
            </div>
          </fieldset>
        ))}
      </div>
    </FormDialog>
  );
}

function givable(role: RoleChoice | undefined): Permission[] {
  return role === undefined ? [] : role.permissions.filter((one) => !role.lacks.includes(one));
}
