import type { Metadata } from 'next';
import { deviceWaiting } from '#lib/auth/device.ts';
import { UserCode } from '#lib/contract/device.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { param, type Search } from '../../_page/query.ts';
import { actorFor } from '../../_page/reader.ts';
import { DeviceForm } from '../../_ui/device-form.tsx';
import { Card, PageHead } from '../../_ui/page.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Let a program in') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/device');
  const code = UserCode.safeParse(await param(searchParams, 'code')).data;
  const waiting =
    code === undefined
      ? null
      : await deviceWaiting(actor, code).catch((error: unknown) => {
          if (error instanceof BerthError) return said(error.detail ?? error.message);
          throw error;
        });
  return (
    <>
      <PageHead title={t('Let a program in')} />
      <Card className="max-w-lg">
        <DeviceForm
          code={code ?? null}
          waiting={typeof waiting === 'string' ? null : waiting}
          problem={typeof waiting === 'string' ? waiting : null}
        />
      </Card>
    </>
  );
}
