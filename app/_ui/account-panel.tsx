'use client';
import { useState } from 'react';
import type { Me } from '#lib/contract/account.ts';
import { roleWords } from '#lib/contract/roles.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { deviceName } from './device.ts';
import { Form, FormProblem, TextField } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { Card, Facts } from './page.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

export function AccountPanel({ me }: { me: Me }) {
  return (
    <div className="grid items-start gap-4 lg:grid-cols-2">
      <div className="grid gap-4">
        <Card title={t('You')}>
          <Facts
            items={[
              [t('Name'), me.name],
              [t('E-mail'), me.email],
              [t('Role'), me.role === null ? t('A role of its own') : said(roleWords[me.role].title)],
              ...(me.tenantName === null ? [] : [[t('Account'), me.tenantName] as const]),
            ]}
          />
        </Card>
        <Password />
      </div>
      <Sessions me={me} />
    </div>
  );
}

function Password() {
  const { run, pending, problem } = useCall('me.password', { quiet: true });
  const [form, setForm] = useState(0);
  return (
    <Card title={t('Password')}>
      <Form
        key={form}
        problem={problem}
        onSubmit={(data) =>
          void run({ body: { current: String(data.get('current')), next: String(data.get('next')) } }).then(
            (answer) => {
              if (!answer.ok) return;
              setForm((count) => count + 1);
              notifyDone(t('Password changed. All other sessions have ended.'));
            },
          )
        }
      >
        <TextField
          name="current"
          label={t('Present password')}
          type="password"
          autoComplete="current-password"
          required
        />
        <TextField
          name="next"
          label={t('New password')}
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint={t('At least 10 characters. Everybody else signed in as you is signed out.')}
        />
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            {t('Change password')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Sessions({ me }: { me: Me }) {
  const revoke = useCall('me.sessions.revoke');
  const all = useCall('me.sessions.revokeAll');
  return (
    <Card title={t('Signed in on')} flush>
      <ul className="divide-y divide-line">
        {me.sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-3 px-4 py-2.5">
            <div className="mr-auto min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 font-[550]">
                <span className="[overflow-wrap:anywhere]" title={session.userAgent}>
                  {deviceName(session.userAgent)}
                </span>
                {session.current && <Badge tone="good">{t('this one')}</Badge>}
              </p>
              <p className="sub [overflow-wrap:anywhere]">
                {rich('{address} · seen {ago} · since {at}', {
                  address: session.address,
                  ago: <Ago key="ago" at={session.lastSeenAt} />,
                  at: <At key="at" at={session.createdAt} />,
                })}
              </p>
            </div>
            {!session.current && (
              <Button
                size="small"
                aria-label={t('End the session on {device} from {address}', {
                  device: deviceName(session.userAgent),
                  address: session.address,
                })}
                pending={revoke.pending}
                onClick={() => void revoke.run({ params: { id: session.id } })}
              >
                {t('End')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <p className="sub mr-auto basis-52">
          {t('Lost a device, or in doubt? This ends every session, this one too.')}
        </p>
        <Button
          pending={all.pending}
          onClick={() => void all.run({}).then((answer) => answer.ok && window.location.assign('/sign-in'))}
        >
          {t('Sign out everywhere')}
        </Button>
      </div>
    </Card>
  );
}
