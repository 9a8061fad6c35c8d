import { Check } from 'lucide-react';
import { Permission } from '#lib/contract/permissions.ts';
import type { RoleInfo } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { Card } from '../page.tsx';
import { groupsOf } from './groups.ts';
import { aboutOf, titleOf } from './role-words.ts';

/** What each role may do: a table of rights and roles; on a phone one role after the other. */
export function RoleMatrix({ roles }: { roles: readonly RoleInfo[] }) {
  const used = new Set(roles.flatMap((role) => role.permissions));
  const groups = groupsOf(Permission.options.filter((right) => used.has(right)));
  return (
    <Card title={t('What the roles may do')} flush className="mt-4">
      <ul className="divide-y divide-line md:hidden">
        {roles.map((role) => (
          <li key={role.role} className="px-4 py-2.5">
            <details>
              <summary className="cursor-pointer py-1">
                <span className="font-[550]">{titleOf(role)}</span> <span className="sub">{aboutOf(role)}</span>
              </summary>
              {groupsOf(role.permissions).map(({ title, rights }) => (
                <div key={title} className="mt-2 pl-4">
                  <h3 className="text-[12.5px] font-semibold">{title}</h3>
                  <ul className="grid gap-0.5 text-[13px]">
                    {rights.map(({ right, words }) => (
                      <li key={right}>{words}</li>
                    ))}
                  </ul>
                </div>
              ))}
            </details>
          </li>
        ))}
      </ul>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled by keyboard */}
      <section aria-label={t('Rights and roles')} tabIndex={0} className="overflow-x-auto max-md:hidden">
        <table className="w-full border-collapse text-[13px]">
          <thead>
            <tr>
              <th scope="col" className="px-4 py-2 text-left text-xs font-[550] text-muted">
                {t('Right')}
              </th>
              {roles.map((role) => (
                <th
                  key={role.role}
                  scope="col"
                  title={aboutOf(role)}
                  className="max-w-28 min-w-20 px-1 py-2 text-center align-bottom text-[11px] font-[550] [overflow-wrap:anywhere]"
                >
                  {titleOf(role)}
                </th>
              ))}
            </tr>
          </thead>
          {groups.map(({ title, rights }) => (
            <tbody key={title}>
              <tr>
                <th
                  scope="rowgroup"
                  colSpan={roles.length + 1}
                  className="border-t border-line bg-sunk/50 px-4 py-1.5 text-left text-xs font-semibold"
                >
                  {title}
                </th>
              </tr>
              {rights.map(({ right, words }) => (
                <tr key={right} className="border-t border-line hover:bg-sunk/45">
                  <th scope="row" className="min-w-56 px-4 py-1.5 text-left font-normal">
                    {words}
                  </th>
                  {roles.map((role) => (
                    <td key={role.role} className="px-2 py-1.5 text-center">
                      {role.permissions.includes(right) ? (
                        <>
                          <Check aria-hidden className="inline size-4 text-good" />
                          <span className="sr-only">{t('yes')}</span>
                        </>
                      ) : (
                        <span className="text-muted">
                          <span aria-hidden>·</span>
                          <span className="sr-only">{t('no')}</span>
                        </span>
                      )}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
      <dl className="grid gap-x-6 gap-y-1 border-t border-line px-4 py-3 text-[13px] max-md:hidden lg:grid-cols-2">
        {roles.map((role) => (
          <div key={role.role} className="flex gap-2">
            <dt className="shrink-0 font-[550]">{titleOf(role)}</dt>
            <dd className="text-muted [overflow-wrap:anywhere]">{aboutOf(role)}</dd>
          </div>
        ))}
      </dl>
    </Card>
  );
}
