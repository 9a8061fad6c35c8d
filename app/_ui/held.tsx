'use client';
import { createContext, useContext } from 'react';

const Context = createContext<string | null>(null);

/** Below it a hold lets its reader look only: buttons that send a form say so. `reason` null: there is none, whatever is further up. */
export function Held({ reason, children }: { reason: string | null; children: React.ReactNode }) {
  return <Context value={reason}>{children}</Context>;
}
export function useHeld(): string | null {
  return useContext(Context);
}
