'use client';
import './globals.css';

/** The last resort, when even the frame of the page cannot be made. Depends on nothing that could have failed. */
export default function GlobalError({ error }: { error: Error & { digest?: string } }) {
  return (
    <html lang="en">
      <body>
        <title>Something went wrong</title>
        <main className="mx-auto grid min-h-dvh max-w-sm content-center gap-3 px-4">
          <h1 className="text-lg font-[650]">The panel could not be shown</h1>
          <p>Something went wrong on our side. Nothing was changed, and your containers go on as they are.</p>
          {error.digest !== undefined && <p className="sub font-mono">Reference {error.digest}</p>}
          {/* biome-ignore lint/a11y/useValidAnchor: a whole new page, for the old one is broken */}
          <a href="" className="underline underline-offset-3">
            Load it again
          </a>
        </main>
      </body>
    </html>
  );
}
