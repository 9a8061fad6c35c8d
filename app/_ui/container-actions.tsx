'use client';
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { CreateBackupDialog } from './dialog-backup.tsx';
import { CloneDialog } from './dialog-clone.tsx';
import { ConfigureDialog } from './dialog-configure.tsx';
import { DeleteDialog, KillDialog } from './dialog-destroy.tsx';
import { ReinstallDialog } from './dialog-reinstall.tsx';
import { RepairDialog } from './dialog-repair.tsx';
import { WhyDialog } from './rights/why-dialog.tsx';
import { useCall } from './use-call.ts';

/** Verbs that are asked for directly; the others open a dialog first. */
export type Direct = 'start' | 'stop' | 'restart';
export type Asked = 'kill' | 'delete' | 'backup' | 'clone' | 'repair' | 'reinstall' | 'configure' | 'why';

type Actions = {
  run: (container: Container, verb: Direct) => void;
  ask: (container: Container, verb: Asked) => void;
  /** `<container id>:<verb>` of the request on its way, if any. */
  pending: string | null;
};
const Context = createContext<Actions | null>(null);

/** Carries out what buttons and menus below it ask for; one dialog serves all rows of a list. */
export function ContainerActions({ children }: { children: React.ReactNode }) {
  const start = useCall('containers.start');
  const stop = useCall('containers.stop');
  const restart = useCall('containers.restart');
  const [pending, setPending] = useState<string | null>(null);
  const [asked, setAsked] = useState<{ container: Container; verb: Asked } | null>(null);

  const run = useCallback(
    (container: Container, verb: Direct) => {
      const params = { id: container.id };
      setPending(`${container.id}:${verb}`);
      const answer =
        verb === 'start'
          ? start.run({ params, body: {} })
          : verb === 'stop'
            ? stop.run({ params, body: {} })
            : restart.run({ params, body: {} });
      void answer.finally(() => setPending(null));
    },
    [start.run, stop.run, restart.run],
  );
  const ask = useCallback((container: Container, verb: Asked) => setAsked({ container, verb }), []);
  const value = useMemo(() => ({ run, ask, pending }), [run, ask, pending]);
  const close = () => setAsked(null);

  return (
    <Context value={value}>
      {children}
      {asked?.verb === 'backup' && <CreateBackupDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'why' && <WhyDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'kill' && <KillDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'delete' && <DeleteDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'clone' && <CloneDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'repair' && <RepairDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'reinstall' && <ReinstallDialog container={asked.container} onClose={close} />}
      {asked?.verb === 'configure' && <ConfigureDialog container={asked.container} onClose={close} />}
    </Context>
  );
}

export function useContainerActions(): Actions {
  const actions = useContext(Context);
  if (actions === null) throw new Error('ContainerActions is missing above this component');
  return actions;
}
