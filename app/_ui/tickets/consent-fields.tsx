import { ConsentScope } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { Choice, SelectField } from '../form.tsx';

type Duration = { minutes: number; label: string };

/** How long somebody may be let in, as it is offered. */
export const durations = (): Duration[] => [
  { minutes: 30, label: t('30 minutes') },
  { minutes: 60, label: t('1 hour') },
  { minutes: 240, label: t('4 hours') },
  { minutes: 1440, label: t('24 hours') },
];

/** What was asked for, whatever that was, and all that is less. */
export function durationsUpTo(asked: number): Duration[] {
  const all = durations();
  const label = all.find(({ minutes }) => minutes === asked)?.label ?? t('{n} minutes', { n: asked });
  return [...all.filter(({ minutes }) => minutes < asked), { minutes: asked, label }];
}

const scopeTexts = {
  files: { label: 'Read files', hint: 'Look at them and download them; change nothing.' },
  console: { label: 'Open a console', hint: 'Root inside, until the time is over.' },
  exec: { label: 'Run commands', hint: 'Without a console, one at a time.' },
} as const;

export function ScopeChoices({ scopes, chosen }: { scopes: readonly ConsentScope[]; chosen: readonly ConsentScope[] }) {
  return scopes.map((scope) => (
    <Choice
      key={scope}
      type="checkbox"
      name={scope}
      label={t(scopeTexts[scope].label)}
      hint={t(scopeTexts[scope].hint)}
      defaultChecked={chosen.includes(scope)}
    />
  ));
}

export function HowLong({ choices, defaultMinutes }: { choices: readonly Duration[]; defaultMinutes: number }) {
  return (
    <SelectField
      name="minutes"
      label={t('For how long')}
      options={choices.map(({ minutes, label }) => ({ value: String(minutes), label }))}
      defaultValue={String(defaultMinutes)}
    />
  );
}

/** What was chosen in a form with the two. */
export const chosenIn = (data: FormData): { scopes: ConsentScope[]; minutes: number } => ({
  scopes: ConsentScope.options.filter((scope) => data.get(scope) !== null),
  minutes: Number(data.get('minutes')),
});
