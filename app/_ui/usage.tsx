'use client';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { bytesOf, cores } from './format.ts';
import { useSamples } from './live.tsx';
import { Meter } from './meter.tsx';

/** The newest usage: the stream's if it has told of any, else what the page came with. Null while nothing is measured. */
export function useUsage(container: Pick<Container, 'id' | 'usage' | 'state'>): Container['usage'] {
  const last = useSamples(container.id).at(-1);
  if (container.state === 'unknown') return null;
  return last?.usage ?? container.usage;
}

/** A container that is down uses no CPU and no memory: that is a dash, not a zero that looks like a measurement. */
export function runs({ state }: Pick<Container, 'state'>): boolean {
  return state !== 'stopped' && state !== 'suspended' && state !== 'creating' && state !== 'unknown';
}

export function CpuMeter({ container, hideLabel = false }: { container: Container; hideLabel?: boolean }) {
  const usage = useUsage(container);
  const whole = container.resources.cpuCores;
  const used = usage !== null && runs(container) ? usage.cpuCores : null;
  return (
    <Meter
      label={t('CPU')}
      hideLabel={hideLabel}
      used={used}
      whole={whole}
      text={t('{used} of {whole}', { used: cores(used ?? 0), whole: cores(whole) })}
    />
  );
}
export function MemoryMeter({ container, hideLabel = false }: { container: Container; hideLabel?: boolean }) {
  const usage = useUsage(container);
  const whole = container.resources.memoryBytes;
  const used = usage !== null && runs(container) ? usage.memoryBytes : null;
  return <Meter label={t('Memory')} hideLabel={hideLabel} used={used} whole={whole} text={bytesOf(used ?? 0, whole)} />;
}
export function DiskMeter({ container, hideLabel = false }: { container: Container; hideLabel?: boolean }) {
  const usage = useUsage(container);
  const whole = container.resources.diskBytes;
  const used = usage === null ? null : usage.diskBytes;
  return <Meter label={t('Disk')} hideLabel={hideLabel} used={used} whole={whole} text={bytesOf(used ?? 0, whole)} />;
}
