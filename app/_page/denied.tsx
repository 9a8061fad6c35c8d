import { Lock } from 'lucide-react';
import type { UserActor } from '#lib/access/actor.ts';
import { recordDeniedPage } from '#lib/audit/denied.ts';
import type { Container } from '#lib/contract/containers.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { explainAccess } from '#lib/people/explain.ts';
import { Card, Empty } from '../_ui/page.tsx';
import { Reasons } from '../_ui/rights/reasons.tsx';

/** Instead of "not found", to those who know of the container anyway: what they may not do here, why, and who could. Recorded as a refusal. */
export async function Denied({
  actor,
  container,
  verb,
  title,
}: {
  actor: UserActor;
  container: Container;
  verb: Permission;
  title: string;
}) {
  await recordDeniedPage(actor, { verb, path: '/containers/{id}', id: container.id });
  const explanation = await explainAccess(actor, { verb, container: container.id });
  return (
    <Card flush>
      <Empty icon={Lock} title={title}>
        <Reasons explanation={explanation} />
      </Empty>
    </Card>
  );
}
