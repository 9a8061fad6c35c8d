'use client';
import { useState } from 'react';
import type { Brand, BrandDkimKey } from '#lib/contract/brands.ts';
import { t } from '#lib/language/text.ts';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { CopyText } from './copy.tsx';
import { FormProblem } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';
import type { Tone } from './words.ts';

/** Keys that sign the brand's mails, and the records that others check them by. */
export function BrandDkim({ brand }: { brand: Brand }) {
  const { run, pending, problem } = useCall('brands.addDkim', { quiet: true });
  const address = brand.sender?.address ?? null;
  const own = brand.sender?.smtp != null;
  return (
    <Card title={t('Signed mails (DKIM)')}>
      <p className="sub mb-3">
        {own
          ? t(
              'Your mails leave through your own mail server, which signs them itself. Keys here are used when you name none.',
            )
          : address === null
            ? t(
                'With a sender of your own and a record at its domain, mails come from your address through the provider’s server. Set “Sender of mails” above first.',
              )
            : t(
                'Once the record below is at its domain, mails come from {address} and are signed for it. Until then they come from the provider’s address.',
                { address },
              )}
      </p>
      {brand.dkim.length > 0 && (
        <ul className="mb-4 grid gap-4">
          {brand.dkim.map((key) => (
            <Key key={key.id} resellerId={brand.resellerId} dkim={key} />
          ))}
        </ul>
      )}
      {address !== null && (
        <div className="grid justify-items-start gap-3">
          <Button pending={pending} onClick={() => void run({ params: { id: brand.resellerId }, body: {} })}>
            {brand.dkim.length === 0 ? t('Make a key') : t('Make another key')}
          </Button>
          <FormProblem problem={problem} />
        </div>
      )}
    </Card>
  );
}

function stateOf({ provenAt, missingSince, signs }: BrandDkimKey): { tone: Tone; words: string } {
  if (provenAt === null) return { tone: 'warn', words: t('record not found yet') };
  if (missingSince !== null) return { tone: 'bad', words: t('record is gone') };
  return signs ? { tone: 'good', words: t('signs') } : { tone: 'idle', words: t('not used') };
}

function Key({ resellerId, dkim }: { resellerId: string; dkim: BrandDkimKey }) {
  const prove = useCall('brands.proveDkim', { quiet: true });
  const drop = useCall('brands.dropDkim', { quiet: true });
  const [dropping, setDropping] = useState(false);
  const params = { id: resellerId, keyId: dkim.id };
  const { tone, words } = stateOf(dkim);
  const waits = dkim.provenAt === null || dkim.missingSince !== null;
  return (
    <li className="grid gap-2 border-b border-line pb-4">
      <div className="flex flex-wrap items-center gap-2">
        <span className="font-semibold [overflow-wrap:anywhere]">{dkim.domain}</span>
        <Badge tone={tone}>{words}</Badge>
        <span className="ml-auto flex flex-wrap gap-2">
          {waits && (
            <Button
              size="small"
              pending={prove.pending}
              aria-label={t('Look for the record {name}', { name: dkim.record.name })}
              onClick={() =>
                void prove
                  .run({ params, body: {} })
                  .then(
                    (answer) =>
                      answer.ok && notifyDone(t('Mails of {domain} are signed now.', { domain: dkim.domain })),
                  )
              }
            >
              {t('Look for the record')}
            </Button>
          )}
          <Button
            size="small"
            aria-label={t('Throw away the key of {name}', { name: dkim.record.name })}
            onClick={() => (dkim.provenAt === null ? void drop.run({ params }) : setDropping(true))}
          >
            {t('Throw away')}
          </Button>
        </span>
      </div>
      <div className="grid min-w-0 gap-1 text-[13px]">
        {waits && <span className="text-muted">{t('Set this TXT record at whoever keeps the name:')}</span>}
        <CopyText text={dkim.record.name} label={t("the record's name")} />
        <CopyText text={dkim.record.value} label={t("the record's value")} />
      </div>
      <FormProblem problem={prove.problem ?? drop.problem} />
      <FormDialog
        open={dropping}
        onClose={() => setDropping(false)}
        title={t('Throw away the key of {domain}?', { domain: dkim.domain })}
        sub={t(
          'If no other key signs, mails come from the provider’s address again. Leave the record where it is for a week: mails on their way are checked by it. The key cannot be had back; you can make another at any time.',
        )}
        problem={drop.problem}
        onSubmit={() => void drop.run({ params }).then((answer) => answer.ok && setDropping(false))}
        cancel={t('Keep it')}
        submit={t('Throw away')}
        danger
        pending={drop.pending}
      />
    </li>
  );
}
