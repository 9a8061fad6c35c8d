import { Ban, Check, CircleSlash, Clock, LoaderCircle, type LucideIcon, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { Service, ServiceState } from '#lib/contract/billing.ts';
import { rich, type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { Badge } from './badge.tsx';
import { At } from './time.tsx';
import type { Tone } from './words.ts';

const words: Record<ServiceState, { word: Text; tone: Tone; icon: LucideIcon }> = {
  creating: { word: 'Creating', tone: 'busy', icon: LoaderCircle },
  active: { word: 'Active', tone: 'good', icon: Check },
  suspended: { word: 'Suspended', tone: 'warn', icon: Ban },
  failed: { word: 'Failed', tone: 'bad', icon: TriangleAlert },
  terminating: { word: 'Terminating', tone: 'idle', icon: Clock },
  terminated: { word: 'Terminated', tone: 'idle', icon: CircleSlash },
};

/** A column's head: what happens next, not the way to the next page. */
const whatIsNext = () => t('{what, select, other {Next}}', { what: 'step' });

/** What a billing program has sold: its number, what it stands for, its state, and what happens next. */
export function ServiceTable({ services }: { services: readonly Service[] }) {
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            {(['Service', 'Tenant', 'Container', 'State'] as const).map((name) => (
              <th key={name} scope="col">
                {t(name)}
              </th>
            ))}
            <th scope="col">{whatIsNext()}</th>
          </tr>
        </thead>
        <tbody>
          {services.map((service) => (
            <ServiceRow key={service.externalServiceId} service={service} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function ServiceRow({ service }: { service: Service }) {
  const { word, tone, icon } = words[service.state];
  const there = service.containerId !== null && service.containerState !== 'deleted';
  return (
    <tr>
      <td className="font-semibold [overflow-wrap:anywhere]">
        {service.externalServiceId}
        <div className="sub font-normal">{t('client {id}', { id: service.externalClientId })}</div>
      </td>
      <td className="[overflow-wrap:anywhere]" data-label={t('Tenant')}>
        <Link className="underline underline-offset-3" href={`/admin/containers?tenantId=${service.tenantId}`}>
          {service.tenantName}
        </Link>
      </td>
      <td className="[overflow-wrap:anywhere]" data-label={t('Container')}>
        {there ? (
          <Link className="underline underline-offset-3" href={`/containers/${service.containerId}`}>
            {service.containerName}
          </Link>
        ) : (
          (service.containerName ?? t('{gender, select, m {none} n {none} other {none}}', { gender: 'm' }))
        )}
        {service.planName !== null && <div className="sub">{service.planName}</div>}
      </td>
      <td data-label={t('State')}>
        <Badge tone={tone} icon={icon}>
          {t(word)}
        </Badge>
        {service.paidUntil !== null && (
          <div className="sub">{rich('paid until {at}', { at: <At key="at" at={service.paidUntil} /> })}</div>
        )}
      </td>
      <td className="[overflow-wrap:anywhere]" data-label={whatIsNext()}>
        {said(service.next)}
        {service.removeAfter !== null && (
          <div className="sub">{rich('is deleted {at}', { at: <At key="at" at={service.removeAfter} /> })}</div>
        )}
        {service.recoverableUntil !== null && (
          <div className="sub">
            {rich('its files stay until {at}', { at: <At key="at" at={service.recoverableUntil} /> })}
          </div>
        )}
      </td>
    </tr>
  );
}
