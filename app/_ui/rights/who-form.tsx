import type { Permission } from '#lib/contract/permissions.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { containerRights, groupsOf } from './groups.ts';

/** The question, sent as an address. */
export function WhoForm({ verb, container }: { verb: Permission; container: string }) {
  return (
    <form action="/admin/who" className="card flex flex-wrap items-end gap-3 px-4 py-3.5">
      <label className="grid min-w-0 flex-1 basis-56 gap-1.5 text-[13px] font-[550]">
        {t('Who can')}
        <select name="verb" defaultValue={verb} className="field font-normal">
          {groupsOf(containerRights).map(({ title, rights }) => (
            <optgroup key={title} label={title}>
              {rights.map(({ right, words }) => (
                <option key={right} value={right}>
                  {words}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      </label>
      <label className="grid min-w-0 flex-1 basis-56 gap-1.5 text-[13px] font-[550]">
        {t('at the container')}
        <input
          name="container"
          defaultValue={container}
          required
          maxLength={100}
          autoComplete="off"
          autoCapitalize="none"
          className="field font-normal"
          placeholder={t('Its name or id')}
        />
      </label>
      <Button type="submit" variant="primary">
        {t('Ask')}
      </Button>
    </form>
  );
}
