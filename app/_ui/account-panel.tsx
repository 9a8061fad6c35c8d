'use client';
import { useState } from 'react';
import type { Me } from '#lib/contract/rest.ts';
import { roleWords } from '#lib/contract/roles.ts';
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
        <Card title="You">
          <Facts
            items={[
              ['Name', me.name],
              ['E-mail', me.email],
              ['Role', me.role === null ? 'A role of its own' : roleWords[me.role].title],
              ...(me.tenantName === null ? [] : [['Account', me.tenantName] as const]),
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
    <Card title="Password">
      <Form
        key={form}
        problem={problem}
        onSubmit={(data) =>
          void run({ body: { current: String(data.get('current')), next: String(data.get('next')) } }).then(
            (answer) => {
              if (!answer.ok) return;
              setForm((count) => count + 1);
              notifyDone('Password changed. All other sessions have ended.');
            },
          )
        }
      >
        <TextField name="current" label="Present password" type="password" autoComplete="current-password" required />
        <TextField
          name="next"
          label="New password"
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint="At least 10 characters. Everybody else signed in as you is signed out."
        />
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            Change password
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
    <Card title="Signed in on" flush>
      <ul className="divide-y divide-line">
        {me.sessions.map((session) => (
          <li key={session.id} className="flex items-center gap-3 px-4 py-2.5">
            <div className="mr-auto min-w-0">
              <p className="flex flex-wrap items-center gap-x-2 font-[550]">
                <span className="[overflow-wrap:anywhere]" title={session.userAgent}>
                  {deviceName(session.userAgent)}
                </span>
                {session.current && <Badge tone="good">this one</Badge>}
              </p>
              <p className="sub [overflow-wrap:anywhere]">
                {session.address} · seen <Ago at={session.lastSeenAt} /> · since <At at={session.createdAt} />
              </p>
            </div>
            {!session.current && (
              <Button
                size="small"
                aria-label={`End the session on ${deviceName(session.userAgent)} from ${session.address}`}
                pending={revoke.pending}
                onClick={() => void revoke.run({ params: { id: session.id } })}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <p className="sub mr-auto basis-52">Lost a device, or in doubt? This ends every session, this one too.</p>
        <Button
          pending={all.pending}
          onClick={() => void all.run({}).then((answer) => answer.ok && window.location.assign('/sign-in'))}
        >
          Sign out everywhere
        </Button>
      </div>
    </Card>
  );
}
