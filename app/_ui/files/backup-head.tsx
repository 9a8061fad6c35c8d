import Link from 'next/link';
import type { Backup } from '#lib/contract/backups.ts';
import { t } from '#lib/language/text.ts';
import { Ago, At } from '../time.tsx';

/** Which backup one is in, and the way out. */
export function BackupHead({ backup, title }: { backup: Backup; title: string }) {
  return (
    <div className="mb-3">
      <Link
        href={`/containers/${backup.containerId}/backups`}
        className="text-[13px] text-muted underline decoration-line underline-offset-3 hover:decoration-current"
      >
        {t('All backups')}
      </Link>
      <h2 className="mt-1 text-base font-semibold [overflow-wrap:anywhere]">
        {title} <At at={backup.createdAt} />
        {backup.name !== '' && `, ${backup.name}`}
      </h2>
      <p className="sub">
        <Ago at={backup.createdAt} />
        {backup.note !== '' && ` · ${t('“{note}”', { note: backup.note })}`}
      </p>
    </div>
  );
}
