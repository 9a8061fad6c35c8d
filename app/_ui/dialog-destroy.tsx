'use client';
import { usePathname, useRouter } from 'next/navigation';
import type { Container } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { NameField, useTypedName } from './typed-name.tsx';
import { useCall } from './use-call.ts';

export function KillDialog({ container, onClose }: { container: Pick<Container, 'id' | 'name'>; onClose: () => void }) {
  const { run, pending, problem } = useCall('containers.kill', { quiet: true });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Kill ${container.name}?`}
      sub="Like pulling the plug: for when Stop does not help."
    >
      <p>
        Everything in it ends at once. Files that are written stay; what programs had not saved yet is lost, and a
        database may need to repair itself at the next start. Another operation on it is cancelled.
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Leave it</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void run({ params: { id: container.id }, body: {} }).then((answer) => answer.ok && onClose())}
        >
          Kill now
        </Button>
      </DialogFoot>
    </Dialog>
  );
}

export function DeleteDialog({
  container,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name'>;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('containers.delete', { quiet: true });
  const typed = useTypedName(container.name);
  const router = useRouter();
  const path = usePathname();
  return (
    <Dialog open onClose={onClose} title={`Delete ${container.name}?`} sub="This cannot be undone.">
      <p className="mb-3">
        Its files, its address, its port forwards and what is kept for undo are deleted.{' '}
        <strong>Its backups stay.</strong>
      </p>
      <NameField typed={typed} />
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={onClose}>Keep it</Button>
        <Button
          variant="danger"
          pending={pending}
          reason={typed.reason}
          onClick={() =>
            void run({ params: { id: container.id } }).then((answer) => {
              if (!answer.ok) return;
              onClose();
              // Its own pages are about to be gone.
              if (path.startsWith('/containers/')) router.push('/containers');
            })
          }
        >
          Delete container
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
