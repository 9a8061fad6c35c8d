'use client';
import type { Brand, SetBrand } from '#lib/contract/brands.ts';
import { Language, languageNames, languages } from '#lib/contract/language.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { Form, FormProblem, SelectField, TextArea, TextField } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

/** What a brand is now, as it is sent back with something changed. */
export function wordsOf({ productName, supportUrl, legalUrl, signInText, colours, sender, mails, language }: Brand) {
  return { productName, supportUrl, legalUrl, signInText, colours, sender, mails, language } satisfies SetBrand;
}

/** Name, words, colours and sender. */
export function BrandForm({ brand }: { brand: Brand }) {
  const { run, pending, problem } = useCall('brands.set', { quiet: true });
  const submit = (data: FormData) => {
    const text = (name: string) => String(data.get(name) ?? '').trim();
    const [light, dark] = [text('colours.light'), text('colours.dark')];
    const [address, host, password] = [text('sender.address'), text('sender.smtp.host'), text('smtpPassword')];
    const smtp = {
      host,
      port: Number(text('sender.smtp.port') || '587'),
      secure: text('sender.smtp.port') === '465',
      user: text('sender.smtp.user'),
    };
    const body: SetBrand = {
      productName: text('productName'),
      supportUrl: text('supportUrl') || null,
      legalUrl: text('legalUrl') || null,
      signInText: text('signInText'),
      colours: light === '' && dark === '' ? null : { light, dark },
      sender: address === '' ? null : { address, smtp: host === '' ? null : smtp },
      mails: brand.mails,
      language: Language.nullable().parse(text('language') || null),
      ...(password === '' ? {} : { smtpPassword: password }),
    };
    void run({ params: { id: brand.resellerId }, body }).then(
      (answer) => answer.ok && notifyDone(t('The brand is kept.')),
    );
  };
  const { sender, colours } = brand;
  return (
    <Card title={t('Name, colours and sender')}>
      <Form problem={problem} onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="productName" label={t('Name')} required maxLength={40} defaultValue={brand.productName} />
          <TextField
            name="supportUrl"
            label={t('Support')}
            placeholder={t('https:// or mailto:')}
            defaultValue={brand.supportUrl ?? ''}
          />
          <TextField
            name="legalUrl"
            label={t('Legal notice')}
            placeholder="https://"
            defaultValue={brand.legalUrl ?? ''}
          />
          <div className="grid grid-cols-2 gap-4">
            <TextField
              name="colours.light"
              label={t('Colour')}
              placeholder="#0f6f68"
              defaultValue={colours?.light ?? ''}
              hint={t('On light surfaces.')}
            />
            <TextField
              name="colours.dark"
              label={t('Colour at night')}
              placeholder="#2dd4bf"
              defaultValue={colours?.dark ?? ''}
              hint={t('On dark surfaces.')}
            />
          </div>
        </div>
        <SelectField
          name="language"
          label={t('Language')}
          hint={t('Of pages and mails, unless somebody chooses another.')}
          defaultValue={brand.language ?? ''}
          options={[
            { value: '', label: t('As the browser says') },
            ...languages.map((one) => ({ value: one, label: languageNames[one] })),
          ]}
        />
        <TextArea
          name="signInText"
          label={t('Above the sign-in')}
          rows={2}
          maxLength={500}
          defaultValue={brand.signInText}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="sender.address"
            label={t('Sender of mails')}
            type="email"
            defaultValue={sender?.address ?? ''}
            hint={t('Used with a mail server of your own, or once mails are signed.')}
          />
          <TextField name="sender.smtp.host" label={t('Mail server')} defaultValue={sender?.smtp?.host ?? ''} />
          <TextField
            name="sender.smtp.port"
            label={t('Port')}
            inputMode="numeric"
            defaultValue={String(sender?.smtp?.port ?? 587)}
            hint={t('465: TLS from the first byte. Others: STARTTLS.')}
          />
          <TextField
            name="sender.smtp.user"
            label={t('User')}
            autoComplete="off"
            defaultValue={sender?.smtp?.user ?? ''}
          />
          <TextField
            name="smtpPassword"
            label={t('Password')}
            type="password"
            autoComplete="new-password"
            hint={t('Empty: the one there is stays. It cannot be read again.')}
          />
        </div>
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            {t('{what, select, other {Keep}}', { what: 'words' })}
          </Button>
        </div>
      </Form>
    </Card>
  );
}
