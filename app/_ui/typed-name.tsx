'use client';
import { useId, useState } from 'react';
import { rich, t } from '#lib/language/text.ts';

type Typed = { name: string; text: string; setText: (text: string) => void; reason: string | null };

/** For what destroys: the button stays off until the name is typed, and says so. */
export function useTypedName(name: string, why = t('this cannot be undone')): Typed {
  const [text, setText] = useState('');
  return { name, text, setText, reason: text.trim() === name ? null : t('Type {name} first: {why}.', { name, why }) };
}

export function NameField({ typed }: { typed: Typed }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[13px]">
        {rich('Type <b>{name}</b> to go on', {
          name: typed.name,
          b: (inner) => (
            <strong key="b" className="mono select-all">
              {inner}
            </strong>
          ),
        })}
      </label>
      <input
        id={id}
        className="field"
        value={typed.text}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onChange={(event) => typed.setText(event.target.value)}
      />
    </div>
  );
}
