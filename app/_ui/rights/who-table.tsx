import { UserX } from 'lucide-react';
import Link from 'next/link';
import { permissions } from '#lib/contract/permissions.ts';
import type { Container } from '#lib/contract/rest.ts';
import type { Assignment, WhoCan } from '#lib/contract/roles.ts';
import { Badge } from '../badge.tsx';
import { Card, Empty } from '../page.tsx';

/** Everybody who can, each with the roles that give it. */
export function WhoTable({
  answer,
  container,
}: {
  answer: WhoCan;
  container: Pick<Container, 'id' | 'name' | 'tenantName' | 'holds'>;
}) {
  return (
    <Card
      className="mt-4"
      flush
      title={`${permissions[answer.verb]}: ${container.name}`}
      aside={
        <Link className="underline underline-offset-3" href={`/containers/${container.id}`}>
          {container.tenantName}
        </Link>
      }
    >
      {container.holds.length > 0 && (
        <p className="sub px-4 pb-2">There is a hold: the tenant’s people can only look until it is lifted.</p>
      )}
      {answer.people.length === 0 ? (
        <Empty icon={UserX} title="Nobody can">
          No role of anybody allows it here.
        </Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Who</th>
              <th scope="col">By</th>
            </tr>
          </thead>
          <tbody>
            {answer.people.map((one) => (
              <tr key={one.userId}>
                <td>
                  <span className="flex flex-wrap items-center gap-x-2 font-semibold [overflow-wrap:anywhere]">
                    {one.name}
                    {one.kind === 'service' && <Badge tone="idle">service account</Badge>}
                  </span>
                  {one.kind === 'person' && <div className="sub [overflow-wrap:anywhere]">{one.email}</div>}
                </td>
                <td data-label="By">
                  {one.assignments.map((given) => (
                    <div key={given.id}>
                      {given.title} <span className="sub">over {overWords(given)}</span>
                    </div>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  );
}

/** What a role is over: "Example Ltd", "containers of Example Ltd labelled web". */
function overWords({ scope, tenantName, labels, containerName }: Assignment): string {
  if (scope === 'installation') return 'the installation';
  if (scope === 'container') return containerName ?? 'this container';
  const account = tenantName ?? 'an account';
  if (scope === 'labels') return `containers of ${account} labelled ${labels.join(' or ')}`;
  return scope === 'reseller' ? `${account} and its tenants` : account;
}
