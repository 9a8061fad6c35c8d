'use client';
import type { Brand, SetBrand } from '#lib/contract/brands.ts';
import { Language, languageNames, languages } from '#lib/contract/language.ts';
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
      (answer) => answer.ok && notifyDone('The brand is kept.'),
    );
  };
  const { sender, colours } = brand;
  return (
    <Card title="Name, colours and sender">
      <Form problem={problem} onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField name="productName" label="Name" required maxLength={40} defaultValue={brand.productName} />
          <TextField
            name="supportUrl"
            label="Support"
            placeholder="https:// or mailto:"
            defaultValue={brand.supportUrl ?? ''}
          />
          <TextField name="legalUrl" label="Legal notice" placeholder="https://" defaultValue={brand.legalUrl ?? ''} />
          <div className="grid grid-cols-2 gap-4">
            <TextField
              name="colours.light"
              label="Colour"
              placeholder="#0f6f68"
              defaultValue={colours?.light ?? ''}
              hint="On light surfaces."
            />
            <TextField
              name="colours.dark"
              label="Colour at night"
              placeholder="#2dd4bf"
              defaultValue={colours?.dark ?? ''}
              hint="On dark surfaces."
            />
          </div>
        </div>
        <SelectField
          name="language"
          label="Language"
          hint="Of pages and mails, unless somebody chooses another."
          defaultValue={brand.language ?? ''}
          options={[
            { value: '', label: 'As the browser says' },
            ...languages.map((one) => ({ value: one, label: languageNames[one] })),
          ]}
        />
        <TextArea
          name="signInText"
          label="Above the sign-in"
          rows={2}
          maxLength={500}
          defaultValue={brand.signInText}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="sender.address"
            label="Sender of mails"
            type="email"
            defaultValue={sender?.address ?? ''}
            hint="Used with a mail server of your own."
          />
          <TextField name="sender.smtp.host" label="Mail server" defaultValue={sender?.smtp?.host ?? ''} />
          <TextField
            name="sender.smtp.port"
            label="Port"
            inputMode="numeric"
            defaultValue={String(sender?.smtp?.port ?? 587)}
            hint="465: TLS from the first byte. Others: STARTTLS."
          />
          <TextField name="sender.smtp.user" label="User" autoComplete="off" defaultValue={sender?.smtp?.user ?? ''} />
          <TextField
            name="smtpPassword"
            label="Password"
            type="password"
            autoComplete="new-password"
            hint="Empty: the one there is stays. It cannot be read again."
          />
        </div>
        <FormProblem problem={problem} />
        <div>
          <Button type="submit" variant="primary" pending={pending}>
            Keep
          </Button>
        </div>
      </Form>
    </Card>
  );
}
