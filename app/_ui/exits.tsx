import { PowerOff } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { alarming, exitLine } from './exit-words.ts';
import { duration } from './format.ts';
import { Card } from './page.tsx';
import { Ago, At } from './time.tsx';

/** The latest ends of a container, newest first: why, when, and how long it had run. */
export function Exits({ container }: { container: Container }) {
  if (container.exits.length === 0) return null;
  return (
    <Card title={t('How it ended lately')} icon={PowerOff} flush className="mb-4">
      <ul className="divide-y divide-line">
        {container.exits.map((exit) => {
          const ranMs = exit.ranSince === null ? null : Date.parse(exit.at) - Date.parse(exit.ranSince);
          return (
            <li key={exit.at} className="flex flex-wrap items-baseline gap-x-3 px-4 py-2.5">
              <span className={alarming.has(exit.cause) ? 'font-[550]' : undefined}>{exitLine(exit)}</span>
              <span className="sub mr-auto">
                {ranMs === null ? null : t('after running for {time}', { time: duration(ranMs) })}
              </span>
              <span className="sub">
                <At at={exit.at} /> · <Ago at={exit.at} />
              </span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
