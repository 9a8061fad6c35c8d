'use client';
import { useState } from 'react';
import { maxRetained } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { Choice } from './form.tsx';
import { bytes } from './format.ts';
import { keptWords } from './kept-words.ts';
import { Ago, Left } from './time.tsx';
import { useAnswer } from './use-answer.ts';

/**
 * Which kept files go when one more is to be kept and there is no room for it. `chosen` is undefined while nothing has to go;
 * `field` shows the choice. Nothing is asked while it is not known of which container (null).
 */
export function useReleaseChoice(containerId: string | null): { chosen: string | undefined; field: React.ReactNode } {
  const [picked, setPicked] = useState<string | undefined>(undefined);
  const { found } = useAnswer('containers.get', containerId === null ? null : { params: { id: containerId } });
  const kept = found?.retained ?? []; // unknown: then the oldest goes, as for whoever says nothing
  if (kept.length < maxRetained) return { chosen: undefined, field: null };
  const chosen = kept.find((volume) => volume.id === picked)?.id ?? kept.at(-1)?.id;
  const field = (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-[13px] font-[550]">
        {t('{n} sets of replaced files are kept already. Which may go?', { n: maxRetained })}
      </legend>
      {kept.map((volume) => (
        <Choice
          key={volume.id}
          type="radio"
          name="release"
          label={t(keptWords[volume.reason].name)}
          hint={
            <>
              <Ago at={volume.createdAt} /> · {bytes(volume.bytes)} ·{' '}
              {rich('else kept for another {left}', { left: <Left key="left" until={volume.expiresAt} /> })}
            </>
          }
          checked={chosen === volume.id}
          onChange={() => setPicked(volume.id)}
        />
      ))}
    </fieldset>
  );
  return { chosen, field };
}

export const releaseBody = (chosen: string | undefined) => (chosen === undefined ? {} : { release: chosen });
