'use client';
import { useId, useState } from 'react';

type Typed = { name: string; text: string; setText: (text: string) => void; reason: string | null };

/** For what destroys: the button stays off until the name is typed, and says so. */
export function useTypedName(name: string, why = 'this cannot be undone'): Typed {
  const [text, setText] = useState('');
  return { name, text, setText, reason: text.trim() === name ? null : `Type ${name} first: ${why}.` };
}

export function NameField({ typed }: { typed: Typed }) {
  const id = useId();
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-[13px]">
        Type <strong className="mono select-all">{typed.name}</strong> to go on
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
