import { UserX } from 'lucide-react';
import Link from 'next/link';
import type { Container } from '#lib/contract/containers.ts';
import { permissions } from '#lib/contract/permissions.ts';
import type { Assignment, WhoCan } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from '../badge.tsx';
import { Card, Empty } from '../page.tsx';
import { titleOf } from './role-words.ts';

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
      title={`${said(permissions[answer.verb])}: ${container.name}`}
      aside={
        <Link className="underline underline-offset-3" href={`/containers/${container.id}`}>
          {container.tenantName}
        </Link>
      }
    >
      {container.holds.length > 0 && (
        <p className="sub px-4 pb-2">{t('There is a hold: the tenant’s people can only look until it is lifted.')}</p>
      )}
      {answer.people.length === 0 ? (
        <Empty icon={UserX} title={t('Nobody can')}>
          {t('No role of anybody allows it here.')}
        </Empty>
      ) : (
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('Who')}</th>
              <th scope="col">{t('By')}</th>
            </tr>
          </thead>
          <tbody>
            {answer.people.map((one) => (
              <tr key={one.userId}>
                <td>
                  <span className="flex flex-wrap items-center gap-x-2 font-semibold [overflow-wrap:anywhere]">
                    {one.name}
                    {one.kind === 'service' && <Badge tone="idle">{t('service account')}</Badge>}
                  </span>
                  {one.kind === 'person' && <div className="sub [overflow-wrap:anywhere]">{one.email}</div>}
                </td>
                <td data-label={t('By')}>
                  {one.assignments.map((given) => (
                    <div key={given.id}>
                      {titleOf(given)} <span className="sub">{overWords(given)}</span>
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

/** What a role is over: "over Example Ltd", "over containers of Example Ltd labelled web". */
function overWords({ scope, tenantName, labels, containerName }: Assignment): string {
  if (scope === 'installation') return t('over the installation');
  if (scope === 'container')
    return containerName === null ? t('over this container') : t('over {name}', { name: containerName });
  const account = tenantName ?? t('an account');
  if (scope === 'labels')
    return t('over containers of {account} labelled {labels}', { account, labels: labels.join(t(' or ')) });
  return scope === 'reseller' ? t('over {account} and its tenants', { account }) : t('over {name}', { name: account });
}
