import { permissions } from '#lib/contract/permissions.ts';
import type { RoleInfo } from '#lib/contract/roles.ts';
import { Card } from './page.tsx';

/** What each role may do, in sentences. */
export function RoleTable({ roles }: { roles: readonly RoleInfo[] }) {
  return (
    <Card title="What the roles may do" flush className="mt-4">
      <ul className="divide-y divide-line">
        {roles.map((role) => (
          <li key={role.role} className="px-4 py-2.5">
            <details>
              <summary className="cursor-pointer">
                <span className="font-[550]">{role.title}</span> <span className="sub">{role.about}</span>
              </summary>
              <ul className="mt-2 grid gap-x-4 gap-y-1 pl-4 text-[13px] sm:grid-cols-2 lg:grid-cols-3">
                {role.permissions.map((one) => (
                  <li key={one}>{permissions[one]}</li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </Card>
  );
}
