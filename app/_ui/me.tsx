'use client';
import { createContext, useContext } from 'react';
import type { Me } from '#lib/contract/account.ts';
import type { Area } from './areas.ts';

export type Reader = Pick<Me, 'id' | 'name' | 'email' | 'role' | 'tenantId' | 'tenantName'> & {
  areas: readonly Area[];
};
const Context = createContext<Reader | null>(null);

/** Who is in front of the screen. For words only ("by you"): what they may do comes with each object in `can`. */
export function MeProvider({ me, children }: { me: Reader; children: React.ReactNode }) {
  return <Context value={me}>{children}</Context>;
}
export function useMe(): Reader {
  const me = useContext(Context);
  if (me === null) throw new Error('MeProvider is missing above this component');
  return me;
}
