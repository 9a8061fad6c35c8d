'use client';
import { Plus, UserCheck } from 'lucide-react';
import { useState } from 'react';
import type { IdentityProvider } from '#lib/contract/identity.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { FormDialog } from './form-dialog.tsx';
import { type Account, IdentityProviderDialog } from './identity-provider-form.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { Card } from './page.tsx';
import { Ago } from './time.tsx';
import { useCall } from './use-call.ts';

type Props = {
  /** Null: the installation's. */
  resellerId: string | null;
  providers: readonly IdentityProvider[];
  /** In which roles can be given. */
  accounts: readonly Account[];
};

/** Who else says who somebody is: adding one, trying it, changing and removing it. */
export function IdentityProviders({ resellerId, providers, accounts }: Props) {
  const [editing, setEditing] = useState<IdentityProvider | 'new' | null>(null);
  const [removing, setRemoving] = useState<IdentityProvider | null>(null);
  return (
    <Card title={t('Sign-in elsewhere (OpenID Connect)')} icon={UserCheck} id="identity">
      <p className="sub mb-3">
        {resellerId === null
          ? t(
              'A button on the sign-in page of the panel’s own name leads to a service that knows your people. Roles can follow from their groups there, at each sign-in.',
            )
          : t(
              'A button on the sign-in page of your names leads to a service that knows your people. Roles can follow from their groups there, at each sign-in.',
            )}
      </p>
      {providers.length > 0 && (
        <ul className="mb-4 grid gap-4">
          {providers.map((one) => (
            <Provider key={one.id} provider={one} onEdit={() => setEditing(one)} onRemove={() => setRemoving(one)} />
          ))}
        </ul>
      )}
      <Button onClick={() => setEditing('new')}>
        <Plus aria-hidden /> {t('Add a provider')}
      </Button>
      {editing !== null && (
        <IdentityProviderDialog
          resellerId={resellerId}
          provider={editing === 'new' ? null : editing}
          accounts={accounts}
          onClose={() => setEditing(null)}
        />
      )}
      {removing !== null && <RemoveDialog provider={removing} onClose={() => setRemoving(null)} />}
    </Card>
  );
}

function Provider(props: { provider: IdentityProvider; onEdit: () => void; onRemove: () => void }) {
  const { provider } = props;
  const attempt = useCall('identityProviders.try');
  const go = () =>
    void attempt
      .run({ params: { id: provider.id }, body: {} })
      .then((answer) => answer.ok && window.location.assign(answer.value.url));
  return (
    <li id={provider.id} className="grid gap-2 border-b border-line pb-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-semibold [overflow-wrap:anywhere]">{provider.name}</span>
        <Badge tone={provider.enabled ? 'good' : 'idle'}>{provider.enabled ? t('on') : t('off')}</Badge>
        <span className="ml-auto flex flex-wrap gap-2">
          <Button
            size="small"
            pending={attempt.pending}
            aria-label={t('Try {name}', { name: provider.name })}
            onClick={go}
          >
            {t('Try')}
          </Button>
          <Button size="small" aria-label={t('Change {name}', { name: provider.name })} onClick={props.onEdit}>
            {t('Change…')}
          </Button>
          <Button size="small" aria-label={t('Remove {name}', { name: provider.name })} onClick={props.onRemove}>
            {t('Remove…')}
          </Button>
        </span>
      </div>
      <p className="sub [overflow-wrap:anywhere]">
        {provider.issuer} · {t('{n, plural, one {# person} other {# people}}', { n: provider.people })}
      </p>
      <div className="grid min-w-0 gap-1 text-[13px]">
        <span className="text-muted">{t('Register there as redirect addresses:')}</span>
        {provider.redirectUris.length === 0 && <span>{t('None yet: prove a host name first.')}</span>}
        {provider.redirectUris.map((uri) => (
          <CopyText key={uri} text={uri} label={t('the redirect address')} />
        ))}
        {provider.logoutUris.length > 0 && (
          <span className="text-muted">
            {t('And, where it knows back-channel logout, so that signing out there ends it here:')}
          </span>
        )}
        {provider.logoutUris.slice(0, 1).map((uri) => (
          <CopyText key={uri} text={uri} label={t('the logout address')} />
        ))}
      </div>
      {provider.lastTry !== null && <LastTry tried={provider.lastTry} />}
    </li>
  );
}

function LastTry({ tried }: { tried: NonNullable<IdentityProvider['lastTry']> }) {
  const { at, problem, email, emailVerified, groups, roles, factor } = tried;
  return (
    <div className="rounded-control bg-sunk p-3.5 text-[13px]">
      <p className="font-semibold">
        {problem === null ? t('It works') : t('This person would be refused')}{' '}
        <span className="font-normal text-muted">{rich('· tried {ago}', { ago: <Ago key="ago" at={at} /> })}</span>
      </p>
      {problem !== null && (
        <p className="text-bad [overflow-wrap:anywhere]">{t('Why: {problem}.', { problem: said(problem) })}</p>
      )}
      {email !== null && (
        <ul className="mt-1 grid gap-0.5 text-muted [overflow-wrap:anywhere]">
          <li>
            {emailVerified ? t('{email}, verified', { email }) : t('{email}, not said to be verified', { email })}
          </li>
          <li>{groups.length === 0 ? t('Groups: none') : t('Groups: {names}', { names: groups.join(', ') })}</li>
          <li>
            {roles.length === 0
              ? t('Roles that follow: none')
              : t('Roles that follow: {names}', { names: roles.map(said).join(', ') })}
          </li>
          <li>
            {factor ? t('A second factor was shown there, and is believed.') : t('No second factor that is believed.')}
          </li>
        </ul>
      )}
    </div>
  );
}

function RemoveDialog({ provider, onClose }: { provider: IdentityProvider; onClose: () => void }) {
  const { run, pending, problem } = useCall('identityProviders.remove', { quiet: true });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Remove {name}?', { name: provider.name })}
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: provider.id } }).then((answer) => {
          if (!answer.ok) return;
          notifyDone(t('{name} was removed.', { name: provider.name }));
          onClose();
        })
      }
      cancel={t('Keep it')}
      submit={t('Remove')}
      danger
      pending={pending}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t(
              '{n, plural, one {# person is} other {# people are}} no longer known by it. Sessions that it opened end at once, and the roles that followed from groups are gone.',
              { n: provider.people },
            ),
          ]}
          keeps={[
            t('accounts, with roles given by hand, passwords and passkeys. Who has none asks for a password by mail.'),
          ]}
          undo={t('none: set up anew, everybody is connected anew.')}
        />
      </div>
    </FormDialog>
  );
}
