import { Check, CircleSlash, X } from 'lucide-react';
import type { AuditEntry } from '#lib/contract/audit.ts';
import { t } from '#lib/language/text.ts';
import { detailLines, whoWords } from './audit-words.ts';
import { Badge } from './badge.tsx';
import { At } from './time.tsx';
import type { Tone } from './words.ts';

const outcomes = {
  allowed: { word: 'Allowed', tone: 'good', icon: Check },
  denied: { word: 'Denied', tone: 'bad', icon: CircleSlash },
  failed: { word: 'Failed', tone: 'warn', icon: X },
} as const satisfies Record<AuditEntry['outcome'], { word: string; tone: Tone; icon: unknown }>;

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  return (
    <table className="table">
      <thead>
        <tr>
          <th scope="col">{t('When')}</th>
          <th scope="col">{t('Who')}</th>
          <th scope="col">{t('Did')}</th>
          <th scope="col">{t('To')}</th>
          <th scope="col">{t('Outcome')}</th>
          <th scope="col">{t('Detail')}</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          return (
            <tr key={entry.id}>
              <td data-label={t('When')}>
                <At at={entry.at} />
              </td>
              <td data-label={t('Who')}>
                <span className="[overflow-wrap:anywhere]">{whoWords(entry)}</span>
                {entry.onBehalfOf !== null && (
                  <div className="[overflow-wrap:anywhere]">
                    {t('on behalf of {name}', { name: entry.onBehalfOf.name })}
                  </div>
                )}
                {entry.address !== null && <div className="sub max-md:inline"> {entry.address}</div>}
              </td>
              <td data-label={t('Did')}>
                <code className="mono whitespace-nowrap">{entry.verb}</code>
              </td>
              <td data-label={t('To')} className="[overflow-wrap:anywhere]">
                {entry.targetName ?? entry.targetId ?? '–'}
                <div className="sub max-md:inline" translate="no">
                  {' '}
                  {entry.targetKind}
                </div>
              </td>
              <td data-label={t('Outcome')}>
                <Badge tone={outcomes[entry.outcome].tone} icon={outcomes[entry.outcome].icon}>
                  {t(outcomes[entry.outcome].word)}
                </Badge>
              </td>
              <td className="sub md:max-w-64" translate="no">
                {detailLines(entry).map((line) => (
                  <div key={line} className="[overflow-wrap:anywhere]">
                    {line}
                  </div>
                ))}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
