'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { type RoleChoice, roleWords } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Button } from '../button.tsx';
import { useHeld } from '../held.tsx';
import { Card } from '../page.tsx';
import { DeleteRoleDialog } from './delete-role.tsx';
import { RoleEditor } from './role-editor.tsx';

/** The account's own roles: each a built-in one with some rights left out. */
export function CustomRoles({
  tenantId,
  roles,
  mayCreate,
}: {
  /** Null: the provider, for its staff. */
  tenantId: string | null;
  roles: readonly RoleChoice[];
  mayCreate: boolean;
}) {
  const [editing, setEditing] = useState<RoleChoice | 'new' | null>(null);
  const [deleting, setDeleting] = useState<RoleChoice | null>(null);
  const held = useHeld();
  const custom = roles.filter((role) => !role.builtIn && role.tenantId === tenantId);
  return (
    <Card title={t('Your own roles')} flush>
      {custom.length > 0 && (
        <ul className="divide-y divide-line border-b border-line">
          {custom.map((role) => {
            const reason =
              held ?? (role.lacks.length > 0 ? t('It may do what you may not: somebody else decides about it.') : null);
            return (
              <li key={role.role} className="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5">
                <div className="mr-auto min-w-0 basis-52">
                  <p className="font-[550] [overflow-wrap:anywhere]">{role.title}</p>
                  <p className="sub [overflow-wrap:anywhere]">
                    {role.about !== '' && `${role.about} · `}
                    {t('{role} with {n, plural, one {# right} other {# rights}}', {
                      role: said(roleWords[role.base].title),
                      n: role.permissions.length,
                    })}
                  </p>
                </div>
                {mayCreate && (
                  <div className="flex gap-2">
                    <Button
                      size="small"
                      reason={reason}
                      aria-label={t('Change the role {title}', { title: role.title })}
                      onClick={() => setEditing(role)}
                    >
                      {t('Change…')}
                    </Button>
                    <Button
                      size="small"
                      reason={reason}
                      aria-label={t('Delete the role {title}', { title: role.title })}
                      onClick={() => setDeleting(role)}
                    >
                      {t('Delete…')}
                    </Button>
                  </div>
                )}
              </li>
            );
          })}
        </ul>
      )}
      <div className="flex flex-wrap items-center gap-3 px-4 py-3">
        <p className="sub min-w-0 flex-1 basis-52">
          {custom.length === 0 && `${t('None yet.')} `}
          {t('When a built-in role is too much: copy it and leave out what need not be.')}
        </p>
        {mayCreate && (
          <Button reason={held} onClick={() => setEditing('new')}>
            <Plus aria-hidden /> {t('New role')}
          </Button>
        )}
      </div>
      {editing !== null && (
        <RoleEditor
          tenantId={tenantId}
          roles={roles}
          edited={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
      {deleting !== null && <DeleteRoleDialog role={deleting} onClose={() => setDeleting(null)} />}
    </Card>
  );
}
