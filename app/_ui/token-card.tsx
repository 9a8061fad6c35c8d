'use client';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import type { Token } from '#lib/contract/tokens.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { NewToken } from './new-token.tsx';
import { Card } from './page.tsx';
import { TokenList } from './token-list.tsx';

/** One's own tokens of the API. */
export function TokenCard({ tokens }: { tokens: readonly Token[] }) {
  const [making, setMaking] = useState(false);
  return (
    <Card title={t('Tokens for scripts')} flush>
      {tokens.length > 0 && <TokenList tokens={tokens} />}
      <div className="flex flex-wrap items-center gap-3 border-t border-line px-4 py-3">
        <p className="sub grow basis-52">{t('A token never does more than you may, and goes when you go.')}</p>
        <Button onClick={() => setMaking(true)}>
          <Plus aria-hidden /> {t('New token')}
        </Button>
      </div>
      {making && <NewToken onClose={() => setMaking(false)} />}
    </Card>
  );
}
