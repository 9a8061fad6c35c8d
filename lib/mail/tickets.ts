import { type Paragraph, said, written } from './language.ts';
import type { Mail } from './outbox.ts';

/** One line, whatever somebody typed. */
const line = (text: string) => text.replace(/\s+/g, ' ').slice(0, 150);

export function ticketMail(
  recipient: string,
  facts: { name: string; number: number; subject: string; from: string; text: Paragraph; link: string },
): Mail {
  const { name, number, subject, from, text, link } = facts;
  return {
    recipient,
    kind: 'ticket',
    facts: { name, number, subject, from, text: said(text), link },
    subject: written(line(`[#${number}] ${subject}`)),
    body: [`Hello ${name},`, `${from} wrote:`, text, 'Read all of it and answer here:', link],
  };
}

/** `missed`: what its target was for. */
export function lateTicketMail(
  recipient: string,
  facts: { name: string; number: number; subject: string; missed: string; link: string },
): Mail {
  const { name, number, subject, missed, link } = facts;
  return {
    recipient,
    kind: 'ticket-late',
    facts: { name, number, subject, missed: said(missed), link },
    subject: line(`Late: [#${number}] ${subject}`),
    body: [`Hello ${name},`, `the time for ${missed} has passed in this ticket:`, link],
  };
}

/** Staff may look inside without having been asked. To the tenant's owners and to the administrators, at once. */
export function emergencyMail(
  recipient: string,
  facts: {
    name: string;
    staff: string;
    approvers: string;
    container: string;
    until: string;
    reason: string;
    link: string;
  },
): Mail {
  return {
    recipient,
    subject: line(`Emergency access to ${facts.container}`),
    body: [
      `Hello ${facts.name},`,
      `${facts.staff} may look inside the container ${facts.container} until ${facts.until}, without the consent of its owner. Approved by ${facts.approvers}. The reason: ${facts.reason}`,
      'Everything done there is in the audit record, with these names. The owner can end it at once here:',
      facts.link,
    ],
  };
}

/** `texts`: notices, updates, and the report at the end. */
export function outageMail(
  recipient: string,
  facts: { name: string; title: string; containers: number; texts: readonly Paragraph[]; link: string; over: boolean },
): Mail {
  const { name, title, containers, texts, link, over } = facts;
  const count = containers === 1 ? 'one of your containers' : `${containers} of your containers`;
  return {
    recipient,
    kind: over ? 'outage-over' : 'outage',
    facts: { name, title, count: containers, text: said(...texts), link },
    subject: line(`${over ? 'Over' : 'Outage'}: ${title}`),
    body: [`Hello ${name},`, over ? `this is over. It concerned ${count}.` : `this concerns ${count}:`, ...texts, link],
  };
}
