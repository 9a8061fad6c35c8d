'use client';
import { Network, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { ActionsHead } from './actions-head.tsx';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Card, Empty, Facts } from './page.tsx';
import { useCall } from './use-call.ts';

export function NetworkPanel({ container }: { container: Container }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Container['forwards'][number] | null>(null);
  const reason = reasonFor(container, 'forwards');
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Card title={t('Addresses')}>
        <Facts
          items={[
            [
              t('Own'),
              container.addresses.length === 0
                ? t('none')
                : container.addresses.map((each) => <CopyText key={each} text={each} label={each} />),
            ],
            [t('Host name'), container.hostname],
          ]}
        />
        <p className="sub mt-3">
          {t('It reaches the internet through its server. From outside it is reached by the ports forwarded here.')}
        </p>
      </Card>
      <Card
        title={t('Port forwards')}
        flush
        aside={
          reason !== undefined && (
            <Button size="small" reason={reason} onClick={() => setAdding(true)}>
              <Plus aria-hidden /> {t('Forward a port')}
            </Button>
          )
        }
      >
        {container.forwards.length === 0 ? (
          <Empty icon={Network} title={t('No port leads to this container')}>
            {t('Forward one to reach a service in it from outside, such as port 22 for ssh or 80 for a web site.')}
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Outside')}</th>
                <th scope="col">{t('Inside')}</th>
                <th scope="col">{t('Protocol')}</th>
                <ActionsHead />
              </tr>
            </thead>
            <tbody>
              {container.forwards.map((forward) => (
                <tr key={forward.id}>
                  <td data-label={t('Outside')} className="font-semibold">
                    {container.forwardAddress === null
                      ? t('port {port}', { port: forward.hostPort })
                      : `${container.forwardAddress}:${forward.hostPort}`}
                  </td>
                  <td data-label={t('Inside')}>
                    {forward.containerPort}
                    {serviceName(forward.containerPort)}
                  </td>
                  <td data-label={t('Protocol')}>{forward.protocol.toUpperCase()}</td>
                  <td className="num">
                    {reason !== undefined && (
                      <Button
                        size="small"
                        variant="quiet"
                        reason={reason}
                        aria-label={t('Remove the forward from {from} to {to}', {
                          from: forward.hostPort,
                          to: forward.containerPort,
                        })}
                        onClick={() => setRemoving(forward)}
                      >
                        {t('Remove…')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
      {adding && <AddDialog container={container} onClose={() => setAdding(false)} />}
      {removing !== null && <RemoveDialog container={container} forward={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

function serviceName(port: number): string {
  const known: Record<number, string> = {
    22: 'ssh',
    25: 'mail',
    80: 'http',
    443: 'https',
    3306: 'MySQL',
    5432: 'PostgreSQL',
  };
  const name = known[port];
  return name === undefined ? '' : ` (${name})`;
}

function AddDialog({ container, onClose }: { container: Container; onClose: () => void }) {
  const { run, pending, problem } = useCall('forwards.create', { quiet: true });
  const submit = (data: FormData) => {
    const hostPort = String(data.get('hostPort') ?? '').trim();
    void run({
      params: { id: container.id },
      body: {
        protocol: data.get('protocol') === 'udp' ? 'udp' : 'tcp',
        containerPort: Number(data.get('containerPort')),
        ...(hostPort === '' ? {} : { hostPort: Number(hostPort) }),
      },
    }).then((answer) => answer.ok && onClose());
  };
  return (
    <FormDialog
      title={t('Forward a port to {name}', { name: container.name })}
      sub={t('Whoever reaches the server on that port reaches the container.')}
      cancel={t('Not now')}
      submit={t('Forward')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="containerPort"
          label={t('Port inside')}
          type="number"
          inputMode="numeric"
          min={1}
          max={65535}
          required
          autoFocus
          placeholder="22"
        />
        <SelectField
          name="protocol"
          label={t('Protocol')}
          options={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
        />
      </div>
      <TextField
        name="hostPort"
        label={t('Port outside (optional)')}
        type="number"
        inputMode="numeric"
        min={1}
        max={65535}
        hint={t('Leave empty to get a free one.')}
      />
    </FormDialog>
  );
}

function RemoveDialog({
  container,
  forward,
  onClose,
}: {
  container: Container;
  forward: Container['forwards'][number];
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('forwards.delete', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={t('Stop forwarding port {port}?', { port: forward.hostPort })}
      sub={t('It leads to port {port} of {name}.', { port: forward.containerPort, name: container.name })}
    >
      <p>{t('Connections through it end. You can add it again, with the same number if it is still free.')}</p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>{t('Keep it')}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() =>
            void run({ params: { id: container.id, forwardId: forward.id } }).then((answer) => answer.ok && onClose())
          }
        >
          {t('Remove')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
