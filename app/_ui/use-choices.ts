'use client';
import { useEffect, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { Host } from '#lib/contract/hosts.ts';
import type { Plan } from '#lib/contract/plans.ts';
import type { Template } from '#lib/contract/templates.ts';
import type { Tenant } from '#lib/contract/tenants.ts';
import { call, problemOf } from './api.ts';
import { everyPage } from './every-page.ts';

const loaders: { [K in keyof Lists]: () => Promise<Lists[K][]> } = {
  plans: () => everyPage((query) => call('plans.list', { query })),
  templates: () => everyPage((query) => call('templates.list', { query })),
  tenants: () => everyPage((query) => call('tenants.list', { query })),
  hosts: () => everyPage((query) => call('hosts.list', { query })),
};
type Lists = { plans: Plan; templates: Template; tenants: Tenant; hosts: Host };
type Loaded<T> = { items: readonly T[] | null; problem: Problem | null };

/** A list to choose from, asked for when a dialog opens. `items` is null until it is there. */
export function useChoices<K extends keyof Lists>(kind: K): Loaded<Lists[K]> {
  const [loaded, setLoaded] = useState<Loaded<Lists[K]>>({ items: null, problem: null });
  useEffect(() => {
    let current = true;
    loaders[kind]().then(
      (items) => current && setLoaded({ items, problem: null }),
      (error: unknown) => current && setLoaded({ items: null, problem: problemOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [kind]);
  return loaded;
}

/** Those that something may be made from or put on: which are offered, and `also`, the one that it is on. */
export function useOffered<K extends 'plans' | 'templates'>(kind: K, also?: string): Loaded<Lists[K]> {
  const { items, problem } = useChoices(kind);
  return { items: items?.filter((one) => one.offered || one.id === also) ?? null, problem };
}

/** Hours for which a plan keeps replaced files for undo; null until known. */
export function useRetentionHours(planId: string): number | null {
  const { items } = useChoices('plans');
  return items?.find((plan) => plan.id === planId)?.retentionHours ?? null;
}
