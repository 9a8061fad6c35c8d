'use client';
import { Network, Plus } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem, SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { Card, Empty, Facts } from './page.tsx';
import { useCall } from './use-call.ts';

export function NetworkPanel({ container, hostAddress }: { container: Container; hostAddress: string | null }) {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Container['forwards'][number] | null>(null);
  const reason = reasonFor(container, 'forwards');
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <Card title="Addresses">
        <Facts
          items={[
            [
              'Own',
              container.addresses.length === 0
                ? 'none'
                : container.addresses.map((each) => <CopyText key={each} text={each} label={each} />),
            ],
            ['Host name', container.hostname],
          ]}
        />
        <p className="sub mt-3">
          It reaches the internet through its server. From outside it is reached by the ports forwarded here.
        </p>
      </Card>
      <Card
        title="Port forwards"
        flush
        aside={
          reason !== undefined && (
            <Button size="small" reason={reason} onClick={() => setAdding(true)}>
              <Plus aria-hidden /> Forward a port
            </Button>
          )
        }
      >
        {container.forwards.length === 0 ? (
          <Empty icon={Network} title="No port leads to this container">
            Forward one to reach a service in it from outside, such as port 22 for ssh or 80 for a web site.
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Outside</th>
                <th scope="col">Inside</th>
                <th scope="col">Protocol</th>
                <th scope="col">
                  <span className="sr-only">Actions</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {container.forwards.map((forward) => (
                <tr key={forward.id}>
                  <td data-label="Outside" className="font-semibold">
                    {hostAddress === null ? `port ${forward.hostPort}` : `${hostAddress}:${forward.hostPort}`}
                  </td>
                  <td data-label="Inside">
                    {forward.containerPort}
                    {serviceName(forward.containerPort)}
                  </td>
                  <td data-label="Protocol">{forward.protocol.toUpperCase()}</td>
                  <td className="num">
                    {reason !== undefined && (
                      <Button
                        size="small"
                        variant="quiet"
                        reason={reason}
                        aria-label={`Remove the forward from ${forward.hostPort} to ${forward.containerPort}`}
                        onClick={() => setRemoving(forward)}
                      >
                        Remove…
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
      title={`Forward a port to ${container.name}`}
      sub="Whoever reaches the server on that port reaches the container."
      cancel="Not now"
      submit="Forward"
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="containerPort"
          label="Port inside"
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
          label="Protocol"
          options={[
            { value: 'tcp', label: 'TCP' },
            { value: 'udp', label: 'UDP' },
          ]}
        />
      </div>
      <TextField
        name="hostPort"
        label="Port outside (optional)"
        type="number"
        inputMode="numeric"
        min={1}
        max={65535}
        hint="Leave empty to get a free one."
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
      title={`Stop forwarding port ${forward.hostPort}?`}
      sub={`It leads to port ${forward.containerPort} of ${container.name}.`}
    >
      <p>Connections through it end. You can add it again, with the same number if it is still free.</p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() =>
            void run({ params: { id: container.id, forwardId: forward.id } }).then((answer) => answer.ok && onClose())
          }
        >
          Remove
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
