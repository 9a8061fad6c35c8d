'use client';
import { useId, useState } from 'react';
import { assetLimitBytes, type Brand, type BrandAsset, brandAssets } from '#lib/contract/brands.ts';
import { Problem } from '#lib/contract/errors.ts';
import { type Text, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { FormProblem } from './form.tsx';
import { bytes } from './format.ts';
import { useRefresh } from './live.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

const words: Record<BrandAsset, Text> = {
  light: 'Logo on light surfaces',
  dark: 'Logo on dark surfaces',
  favicon: 'Picture of the tab',
};

/** Logos and the tab's picture: sent as they are, kept as pixels. */
export function BrandPictures({ brand }: { brand: Brand }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const refresh = useRefresh();
  const remove = useCall('brands.removeAsset');
  const send = async (asset: BrandAsset, file: File) => {
    setProblem(null);
    const answer = await fetch(`/api/v1/brands/${brand.resellerId}/assets/${asset}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: file,
    });
    if (answer.ok) return refresh();
    setProblem(Problem.safeParse(await answer.json().catch(() => null)).data ?? null);
  };
  return (
    <Card title={t('Pictures')}>
      <p className="sub mb-3">
        {t('PNG files of at most {size}. Only their pixels are kept.', { size: bytes(assetLimitBytes) })}
      </p>
      <ul className="grid gap-3 sm:grid-cols-3">
        {brandAssets.map((asset) => (
          <li key={asset} className="grid content-start gap-2">
            <FileButton label={t(words[asset])} onFile={(file) => void send(asset, file)} />
            <span className="sub">
              {brand.assets[asset] === null
                ? t('{gender, select, m {none} n {none} other {none}}', { gender: 'n' })
                : bytes(brand.assets[asset])}
            </span>
            {brand.assets[asset] !== null && (
              <div>
                <Button
                  size="small"
                  pending={remove.pending}
                  aria-label={t('Remove: {what}', { what: t(words[asset]) })}
                  onClick={() => void remove.run({ params: { id: brand.resellerId, asset } })}
                >
                  {t('Remove')}
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
    </Card>
  );
}

function FileButton({ label, onFile }: { label: string; onFile: (file: File) => void }) {
  const id = useId();
  return (
    <div className="grid min-w-0 gap-1.5">
      <label htmlFor={id} className="text-[13px] font-[550]">
        {label}
      </label>
      <input
        id={id}
        type="file"
        accept="image/png"
        className="max-w-full text-[13px]"
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}
