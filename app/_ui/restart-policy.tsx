'use client';
import { RotateCcw } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { RestartPolicy } from '#lib/contract/restarts.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { policyWords } from './exit-words.ts';
import { Choice, FormProblem } from './form.tsx';
import { Card } from './page.tsx';
import { useCall } from './use-call.ts';

/** What happens when the container ends by itself. */
export function RestartPolicyCard({ container }: { container: Container }) {
  const reason = reasonFor(container, 'restart-policy') ?? null;
  const { run, pending, problem } = useCall('containers.restartPolicy', { quiet: true });
  const [policy, setPolicy] = useState(container.restartPolicy);
  return (
    <Card title={t('When it ends by itself')} icon={RotateCcw}>
      <div className="grid gap-4 [&>[role=alert]:empty]:absolute">
        <div className="grid gap-2">
          {RestartPolicy.options.map((each) => (
            <Choice
              key={each}
              type="radio"
              name="restartPolicy"
              label={
                each === container.restartPolicy
                  ? t('{name} (now)', { name: t(policyWords[each].label) })
                  : t(policyWords[each].label)
              }
              hint={t(policyWords[each].hint)}
              checked={policy === each}
              onChange={() => setPolicy(each)}
            />
          ))}
        </div>
        <p className="sub">
          {t(
            'Its server waits a little longer before each new try, up to five minutes, and stops trying after ten failures within half an hour. What ran when the server itself went down always comes back.',
          )}
        </p>
        <FormProblem problem={problem} />
        <div>
          <Button
            pending={pending}
            reason={reason ?? (policy === container.restartPolicy ? t('This is how it is now. Choose another.') : null)}
            onClick={() => void run({ params: { id: container.id }, body: { restartPolicy: policy } })}
          >
            {t('Change')}
          </Button>
        </div>
      </div>
    </Card>
  );
}
