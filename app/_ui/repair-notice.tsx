'use client';
import { Wrench } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';
import { notifyDone } from './notify.tsx';
import { Notice } from './page.tsx';
import { Left } from './time.tsx';
import { useCall } from './use-call.ts';

const moreHours = 4;

function lastsWords(until: string | undefined): string {
  const hours = (Date.parse(until ?? '') - Date.now()) / 3_600_000;
  return t('The repair lasts {hours, plural, one {# hour} other {# hours}} from now.', {
    hours: Math.max(1, Math.round(hours || 0)),
  });
}

/** What a container in repair is, how long it stays so, and the way out. */
export function RepairNotice({ container }: { container: Container }) {
  const finish = useCall('containers.repairFinish');
  const extend = useCall('containers.repairExtend');
  const { state } = useShownState(container);
  const { repair } = container;
  if (repair === null) return null;
  const why = reasonFor(container, 'repair-finish');
  const busy = state === container.state ? null : t('It is being worked on. Wait until that is done.');
  const params = { id: container.id };
  return (
    <Notice
      tone="warn"
      icon={Wrench}
      title={rich('In repair for another {left}', { left: <Left key="left" until={repair.until} /> })}
      action={
        why !== undefined && (
          <>
            <Button
              size="small"
              pending={extend.pending}
              onClick={() =>
                void extend
                  .run({ params, body: { hours: moreHours, onTop: true } })
                  .then((answer) => answer.ok && notifyDone(lastsWords(answer.value.repair?.until)))
              }
            >
              {t('{hours} hours more', { hours: moreHours })}
            </Button>
            <Button
              size="small"
              variant="primary"
              reason={busy ?? why}
              pending={finish.pending}
              onClick={() => void finish.run({ params, body: {} })}
            >
              {t('Finish repair')}
            </Button>
          </>
        )
      }
    >
      {rich(
        repair.readOnly
          ? 'A rescue system runs in its place; its own files are at <code>/repair</code>, to be read only. Everything else waits until the repair is finished; then its own system starts again, and nothing of the rescue system stays.'
          : 'A rescue system runs in its place; its own files are at <code>/repair</code>, and can be changed there. Everything else waits until the repair is finished; then its own system starts again, and nothing of the rescue system stays.',
        {
          code: (inner) => (
            <code key="code" className="mono">
              {inner}
            </code>
          ),
        },
      )}
    </Notice>
  );
}
