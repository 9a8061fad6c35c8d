'use client';
import type { Token } from '#lib/contract/tokens.ts';
import { rich, t } from '#lib/language/text.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { notifyDone } from './notify.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

type Props = {
  tokens: readonly Token[];
  /** They are a service account's. */
  others?: boolean;
  onRevoked?: () => void;
};

/** Tokens: what each may do, when it was used last, and the end of it. */
export function TokenList({ tokens, others = false, onRevoked }: Props) {
  const revoke = useCall('tokens.revoke');
  const end = async ({ id, name }: Token) => {
    const answer = await revoke.run({ params: { id } });
    if (!answer.ok) return;
    notifyDone(t('{name} works no more.', { name }));
    onRevoked?.();
  };
  return (
    <ul className="divide-y divide-line">
      {tokens.map((token) => (
        <li key={token.id} className="flex items-center gap-3 px-4 py-2.5">
          <div className="mr-auto min-w-0">
            <p className="flex flex-wrap items-center gap-x-2 font-[550]">
              <span className="[overflow-wrap:anywhere]">{token.name}</span>
              {token.current && <Badge tone="good">{t('this one')}</Badge>}
            </p>
            <p className="sub [overflow-wrap:anywhere]">
              {limitWords(token, others)} ·{' '}
              {token.lastUsedAt === null
                ? t('never used')
                : rich('used {ago}', { ago: <Ago key="ago" at={token.lastUsedAt} /> })}
              {token.expiresAt !== null && <> {rich('· ends {at}', { at: <At key="at" at={token.expiresAt} /> })}</>}
            </p>
          </div>
          <Button
            size="small"
            aria-label={t('Revoke the token {name}', { name: token.name })}
            pending={revoke.pending}
            onClick={() => void end(token)}
          >
            {t('Revoke')}
          </Button>
        </li>
      ))}
    </ul>
  );
}

function limitWords({ verbs, containerIds, labels, addresses, brandId }: Token, others: boolean): string {
  const parts = [
    verbs !== null ? verbs.join(', ') : others ? t('all it may') : t('all you may'),
    containerIds === null || (containerIds.length === 0 && labels !== null)
      ? null
      : t('{n, plural, one {# container} other {# containers}}', { n: containerIds.length }),
    labels === null ? null : t('what is labelled {labels}', { labels: labels.join(t(' or ')) }),
    addresses === null ? null : t('from {addresses}', { addresses: addresses.join(', ') }),
    brandId === null ? null : t('only as under the name where it was made'),
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
