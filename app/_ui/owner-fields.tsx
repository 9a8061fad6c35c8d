import { t } from '#lib/language/text.ts';
import { TextField } from './form.tsx';
import { notifyDone } from './notify.tsx';

/** Who a new tenant or reseller belongs to. */
export function OwnerFields() {
  return (
    <>
      <TextField name="ownerName" label={t('Name of the owner')} required maxLength={100} autoComplete="off" />
      <TextField
        name="ownerEmail"
        label={t('E-mail of the owner')}
        type="email"
        required
        autoComplete="off"
        autoCapitalize="none"
      />
    </>
  );
}

/** What was typed into {@link OwnerFields}. */
export function ownerFrom(data: FormData): { ownerName: string; ownerEmail: string } {
  return { ownerName: String(data.get('ownerName')), ownerEmail: String(data.get('ownerEmail')).trim() };
}

/** Once the account is made: what comes next is up to its owner. */
export function notifyLinkSent({ ownerEmail }: { ownerEmail: string }): void {
  notifyDone(t('A link for the first sign-in is on its way to {email}.', { email: ownerEmail }));
}
