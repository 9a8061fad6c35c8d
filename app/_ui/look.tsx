'use client';
import { createContext, useContext } from 'react';
import type { Look } from '#lib/contract/brands.ts';
import { t } from '#lib/language/text.ts';
import { Mark } from './mark.tsx';

const Context = createContext<Look | null>(null);

export function LookProvider({ look, children }: { look: Look; children: React.ReactNode }) {
  return <Context value={look}>{children}</Context>;
}

/** The brand that the page shows; null outside of any page. */
export function useLook(): Look | null {
  return useContext(Context);
}

/** Mark and name of the panel, or the brand's picture, which says its name to those who do not see it. */
export function ProductName() {
  const look = useLook();
  if (look?.logo) {
    return (
      <>
        {/* biome-ignore lint/performance/noImgElement: a small picture from here, nothing to optimise */}
        <img src={look.logo.light} alt={look.productName} className="logo-light h-7 max-w-40 object-contain" />
        {/* biome-ignore lint/performance/noImgElement: as above */}
        <img src={look.logo.dark} alt={look.productName} className="logo-dark h-7 max-w-40 object-contain" />
      </>
    );
  }
  return (
    <>
      <Mark /> {look?.productName ?? ''}
    </>
  );
}

/** Where a brand's people find help and who is behind it. */
export function LookLinks() {
  const look = useLook();
  if (look === null || (look.supportUrl === null && look.legalUrl === null)) return null;
  return (
    <p className="sub flex flex-wrap gap-4">
      {look.supportUrl !== null && (
        <a className="underline underline-offset-3" href={look.supportUrl} rel="noreferrer">
          {t('Support')}
        </a>
      )}
      {look.legalUrl !== null && (
        <a className="underline underline-offset-3" href={look.legalUrl} rel="noreferrer">
          {t('Legal notice')}
        </a>
      )}
    </p>
  );
}

/** What a brand says to those who are not signed in yet. */
export function SignInText() {
  const look = useLook();
  if (!look?.signInText) return null;
  return <span className="whitespace-pre-line [overflow-wrap:anywhere]">{look.signInText}</span>;
}
