'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { Left } from './time.tsx';
import { useCall } from './use-call.ts';

/** Makes a token with which one host may join. It is shown once. */
export function JoinHost() {
  const [open, setOpen] = useState(false);
  const [token, setToken] = useState<{ token: string; expiresAt: string } | null>(null);
  const { run, pending, problem } = useCall('hosts.token', { quiet: true });
  const close = () => {
    setOpen(false);
    setToken(null);
  };
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Plus aria-hidden /> Let a host join
      </Button>
      <Dialog open={open} onClose={close} title="Let a host join" sub="Its agent joins with a token that works once.">
        {token === null ? (
          <Form
            problem={problem}
            onSubmit={(data) =>
              void run({ body: { name: String(data.get('name')) } }).then(
                (answer) => answer.ok && setToken(answer.value),
              )
            }
          >
            <TextField name="name" label="Name of the host" required maxLength={63} autoFocus autoCapitalize="none" />
            <FormProblem problem={problem} />
            <DialogFoot>
              <Button onClick={close}>Not now</Button>
              <Button type="submit" variant="primary" pending={pending}>
                Make a token
              </Button>
            </DialogFoot>
          </Form>
        ) : (
          <div className="grid gap-3">
            <p>
              Give this to the agent. It is shown only now and is good for <Left until={token.expiresAt} />.
            </p>
            <CopyText text={token.token} label="the token" />
            <DialogFoot>
              <Button variant="primary" onClick={close}>
                I have it
              </Button>
            </DialogFoot>
          </div>
        )}
      </Dialog>
    </>
  );
}
