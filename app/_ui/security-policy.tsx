'use client';
import { useState } from 'react';
import { Role, roleWords } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from './button.tsx';
import { Choice, Form, FormProblem } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

/** Which roles must have a second factor, wherever somebody has them. */
export function SecurityPolicyForm({ factorRoles }: { factorRoles: readonly Role[] }) {
  const { run, pending, problem } = useCall('security.set', { quiet: true });
  const [chosen, setChosen] = useState<ReadonlySet<Role>>(new Set(factorRoles));
  const same = chosen.size === factorRoles.length && factorRoles.every((role) => chosen.has(role));
  const toggle = (role: Role) =>
    setChosen((was) => new Set(was.has(role) ? [...was].filter((one) => one !== role) : [...was, role]));
  return (
    <Card title={t('Who must have a second factor')}>
      <Form
        problem={problem}
        onSubmit={() =>
          void run({ body: { factorRoles: [...chosen] } }).then(
            (answer) => answer.ok && notifyDone(t('It holds from now on.')),
          )
        }
      >
        <p className="text-muted">
          {t(
            'Whoever has one of these roles, or one cloned from it, and no second factor sees nothing but the page that sets one up. Owners of accounts can ask their own people for it besides.',
          )}
        </p>
        <div className="grid gap-2 sm:grid-cols-2">
          {Role.options.map((role) => (
            <Choice
              key={role}
              type="checkbox"
              name={role}
              label={said(roleWords[role].title)}
              hint={said(roleWords[role].about)}
              checked={chosen.has(role)}
              onChange={() => toggle(role)}
            />
          ))}
        </div>
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending} reason={same ? t('Nothing has changed.') : null}>
            {t('Save')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
