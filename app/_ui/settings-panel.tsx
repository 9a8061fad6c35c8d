'use client';
import { KeyRound, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { Form, FormProblem, TextArea, TextField } from './form.tsx';
import { keyLines, keyName, keyProblem } from './keys.ts';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { RestartPolicyCard } from './restart-policy.tsx';
import { useCall } from './use-call.ts';

export function SettingsPanel({ container }: { container: Container }) {
  const access = reasonFor(container, 'access');
  const reason = access ?? null;
  return (
    <div className="grid max-w-3xl gap-4">
      {reason !== null && (
        <p className="sub">
          {reason} {t('Access is written inside the container.')}
        </p>
      )}
      {access !== undefined && (
        <>
          <Keys container={container} reason={reason} />
          <Password container={container} reason={reason} />
          <Name container={container} reason={reason} />
        </>
      )}
      {container.can['restart-policy'] !== undefined && <RestartPolicyCard container={container} />}
    </div>
  );
}

function Keys({ container, reason }: { container: Container; reason: string | null }) {
  const { run, pending, problem } = useCall('containers.access', { quiet: true });
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const save = async (sshKeys: string[]) => {
    const answer = await run({ params: { id: container.id }, body: { sshKeys } });
    if (answer.ok) setText('');
  };
  const add = () => {
    const keys = keyLines(text);
    const found =
      keys.length === 0 ? t('Paste a public key first.') : (keys.map(keyProblem).find((each) => each !== null) ?? null);
    setWrong(found);
    if (found === null) void save([...new Set([...container.sshKeys, ...keys])]);
  };
  return (
    <Card title={t('ssh keys of root')} icon={KeyRound}>
      {container.sshKeys.length === 0 ? (
        <p className="sub mb-4">{t('No key may log in yet.')}</p>
      ) : (
        <ul className="mb-4 divide-y divide-line rounded-control border border-line">
          {container.sshKeys.map((key) => {
            const { type, comment, tail } = keyName(key);
            return (
              <li key={key} className="flex items-center gap-3 py-1.5 pr-1.5 pl-3">
                <span className="min-w-0 flex-1 [overflow-wrap:anywhere]">
                  <span className="font-[550]">{comment || t('without a name')}</span>{' '}
                  <span className="sub font-mono text-xs">
                    {type} …{tail}
                  </span>
                </span>
                <Button
                  size="icon"
                  variant="quiet"
                  reason={reason}
                  pending={pending}
                  aria-label={t('Remove the key {name}', { name: comment || tail })}
                  onClick={() => void save(container.sshKeys.filter((each) => each !== key))}
                >
                  <Trash2 aria-hidden />
                </Button>
              </li>
            );
          })}
        </ul>
      )}
      <Form problem={problem} onSubmit={add}>
        <TextArea
          name="sshKeys"
          label={t('Add keys')}
          rows={3}
          className="font-mono text-xs"
          placeholder="ssh-ed25519 AAAA… laptop"
          hint={t('The content of a file that ends in .pub; one per line.')}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        {wrong !== null && (
          <p role="alert" className="text-[13px] font-[550] text-bad">
            {wrong}
          </p>
        )}
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending} reason={reason}>
            <Plus aria-hidden /> {t('Add')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Password({ container, reason }: { container: Container; reason: string | null }) {
  const { run, pending, problem } = useCall('containers.access', { quiet: true });
  const [form, setForm] = useState(0);
  return (
    <Card title={t('Root password')}>
      <Form
        key={form}
        problem={problem}
        onSubmit={(data) =>
          void run({ params: { id: container.id }, body: { rootPassword: String(data.get('rootPassword')) } }).then(
            (answer) => {
              if (!answer.ok) return;
              setForm((count) => count + 1);
              notifyDone(t('The new password is being set.'));
            },
          )
        }
      >
        <TextField
          name="rootPassword"
          label={t('New password')}
          type="password"
          autoComplete="new-password"
          minLength={10}
          required
          hint={t('At least 10 characters. It is set inside the container and not kept by the panel.')}
        />
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" pending={pending} reason={reason}>
            {t('Set password')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}

function Name({ container, reason }: { container: Container; reason: string | null }) {
  const { run, pending, problem } = useCall('containers.access', { quiet: true });
  return (
    <Card title={t('Host name')}>
      <Form
        problem={problem}
        onSubmit={(data) =>
          void run({ params: { id: container.id }, body: { hostname: String(data.get('hostname')).trim() } })
        }
      >
        <TextField
          key={container.hostname}
          name="hostname"
          label={t('Host name')}
          defaultValue={container.hostname}
          autoCapitalize="none"
          spellCheck={false}
          hint={t('What it calls itself inside. In the panel it stays {name}.', { name: container.name })}
        />
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" pending={pending} reason={reason}>
            {t('Change')}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
