import { LanguageLinks } from './language-choice.tsx';
import { LookLinks, ProductName } from './look.tsx';

/** The page before the sign-in: one card, nothing else to look at. */
export function AuthFrame({
  title,
  sub,
  children,
}: {
  title: string;
  sub?: React.ReactNode;
  children: React.ReactNode;
}) {
  return (
    <main className="grid min-h-dvh content-center justify-items-center gap-6 px-4 py-10">
      <div className="flex items-center gap-2.5 text-base font-[650]">
        <ProductName />
      </div>
      <div className="card w-full max-w-sm p-6">
        <h1 className="text-lg font-[650] tracking-tight">{title}</h1>
        {sub && <div className="mt-1 text-[13px] text-muted">{sub}</div>}
        <div className="mt-5">{children}</div>
      </div>
      <LookLinks />
      <LanguageLinks />
    </main>
  );
}
