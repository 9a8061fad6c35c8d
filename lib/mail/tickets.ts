import { type Paragraph, written } from './language.ts';
import type { Mail } from './outbox.ts';

/** One line, whatever somebody typed. */
const line = (text: string) => text.replace(/\s+/g, ' ').slice(0, 150);

export function ticketMail(
  recipient: string,
  facts: { name: string; number: number; subject: string; from: string; text: Paragraph; link: string },
): Mail {
  return {
    recipient,
    subject: written(line(`[#${facts.number}] ${facts.subject}`)),
    body: [`Hello ${facts.name},`, `${facts.from} wrote:`, facts.text, 'Read all of it and answer here:', facts.link],
  };
}

/** `missed`: what its target was for. */
export function lateTicketMail(
  recipient: string,
  facts: { name: string; number: number; subject: string; missed: string; link: string },
): Mail {
  return {
    recipient,
    subject: line(`Late: [#${facts.number}] ${facts.subject}`),
    body: [`Hello ${facts.name},`, `the time for ${facts.missed} has passed in this ticket:`, facts.link],
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
  const count = facts.containers === 1 ? 'one of your containers' : `${facts.containers} of your containers`;
  return {
    recipient,
    subject: line(`${facts.over ? 'Over' : 'Outage'}: ${facts.title}`),
    body: [
      `Hello ${facts.name},`,
      facts.over ? `this is over. It concerned ${count}.` : `this concerns ${count}:`,
      ...facts.texts,
      facts.link,
    ],
  };
}
