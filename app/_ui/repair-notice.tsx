'use client';
import { Wrench } from 'lucide-react';
import type { Container } from '#lib/contract/rest.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';
import { notifyDone } from './notify.tsx';
import { Notice } from './page.tsx';
import { Left } from './time.tsx';
import { useCall } from './use-call.ts';

const moreHours = 4;

/** What a container in repair is, how long it stays so, and the way out. */
export function RepairNotice({ container }: { container: Container }) {
  const finish = useCall('containers.repairFinish');
  const extend = useCall('containers.repairExtend');
  const { state } = useShownState(container);
  const { repair } = container;
  if (repair === null) return null;
  const why = reasonFor(container, 'repair-finish');
  const busy = state === container.state ? null : 'It is being worked on. Wait until that is done.';
  const params = { id: container.id };
  return (
    <Notice
      tone="warn"
      icon={Wrench}
      title={
        <>
          In repair for another <Left until={repair.until} />
        </>
      }
      action={
        why !== undefined && (
          <>
            <Button
              size="small"
              pending={extend.pending}
              onClick={() =>
                void extend
                  .run({ params, body: { hours: moreHours } })
                  .then((answer) => answer.ok && notifyDone(`The repair lasts ${moreHours} hours from now.`))
              }
            >
              {moreHours} hours more
            </Button>
            <Button
              size="small"
              variant="primary"
              reason={busy ?? why}
              pending={finish.pending}
              onClick={() => void finish.run({ params, body: {} })}
            >
              Finish repair
            </Button>
          </>
        )
      }
    >
      A rescue system runs in its place; its own files are at <code className="mono">/repair</code>,{' '}
      {repair.readOnly ? 'to be read only' : 'and can be changed there'}. Everything else waits until the repair is
      finished; then its own system starts again, and nothing of the rescue system stays.
    </Notice>
  );
}
