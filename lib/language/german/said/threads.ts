/** Tickets, consents and outages: what is written by itself. See all.ts. */
export const threads = {
  'A container "{name}" with {template} on the plan "{plan}"':
    'Ein Container „{name}“ mit {template} im Tarif „{plan}“',
  'A server does not answer': 'Ein Server antwortet nicht',
  'A ticket holds {n} files.': 'Ein Ticket fasst {n} Dateien.',
  'An account has at most {n} open tickets.': 'Ein Konto hat höchstens {n} offene Tickets.',
  'Approved: {whatSaid}.': 'Genehmigt: {whatSaid}.',
  'Approves the emergency.': 'Genehmigt den Notfall.',
  'Asks for emergency access for {n} minutes ({whatSaid}); {others} other administrators must approve. {reason}':
    'Bittet um Notfallzugriff für {n} Minuten ({whatSaid}); {others} andere Administratoren müssen zustimmen. {reason}',
  'Asks for your leave to look inside for {n} minutes ({whatSaid}). {reason}':
    'Bittet Sie um Erlaubnis, {n} Minuten hineinzusehen ({whatSaid}). {reason}',
  'Close one that is settled, or write in one that is open.':
    'Schließen Sie eines, das erledigt ist, oder schreiben Sie in eines, das offen ist.',
  'Closed as solved.': 'Als gelöst geschlossen.',
  'Closed.': 'Geschlossen.',
  'Declined: {whatSaid}. {reason}': 'Abgelehnt: {whatSaid}. {reason}',
  'Does not let {name} look inside.': 'Lässt {name} nicht hineinsehen.',
  'Each side can write {n} messages in a ticket.': 'Jede Seite kann in einem Ticket {n} Nachrichten schreiben.',
  'Emergency access of {name} holds, approved by {names}.':
    'Der Notfallzugriff von {name} gilt, genehmigt von {names}.',
  'No longer asks to look inside.': 'Bittet nicht mehr um Einblick.',
  'Open another ticket.': 'Eröffnen Sie ein weiteres Ticket.',
  'emergency, approved by {names}': 'Notfall, genehmigt von {names}',
  'Ends their own access.': 'Beendet den eigenen Zugriff.',
  'Ends {name}’s access.': 'Beendet den Zugriff von {name}.',
  'Given to nobody.': 'Niemandem zugeteilt.',
  'Given to nobody. Priority: {prioritySaid}.': 'Niemandem zugeteilt. Dringlichkeit: {prioritySaid}.',
  'Given to {name}.': '{name} zugeteilt.',
  'Given to {name}. Priority: {prioritySaid}.': '{name} zugeteilt. Dringlichkeit: {prioritySaid}.',
  'Handed on to the provider.': 'An den Anbieter weitergereicht.',
  high: 'hoch',
  'It has been decided already.': 'Darüber wurde schon entschieden.',
  'It is closed already.': 'Es ist schon geschlossen.',
  'It is closed.': 'Es ist geschlossen.',
  'It is over already.': 'Es ist schon vorbei.',
  'If it is still wanted, whoever asked can write in it: that opens it again.':
    'Wird es noch gewünscht, kann darin schreiben, wer gefragt hat: Das öffnet es wieder.',
  'It was decided already.': 'Darüber wurde schon entschieden.',
  'Lets {name} look inside for {n} minutes.':
    'Lässt {name} für {n, plural, one {eine Minute} other {# Minuten}} hineinsehen.',
  low: 'gering',
  'Move it to the plan "{plan}"': 'In den Tarif „{plan}“ wechseln',
  'Nobody approves what they asked for themselves.': 'Niemand genehmigt, worum er selbst gebeten hat.',
  normal: 'normal',
  'Of what was asked for, nothing is left.': 'Von dem, worum gebeten wurde, bleibt nichts.',
  'Only pictures, text, PDF files and zip or gzip archives can be attached.':
    'Anhängen kann man nur Bilder, Text, PDF-Dateien und zip- oder gzip-Archive.',
  'open a console': 'eine Konsole öffnen',
  'Priority: {prioritySaid}.': 'Dringlichkeit: {prioritySaid}.',
  'read files': 'Dateien lesen',
  'run commands': 'Befehle ausführen',
  'Say which container it is about.': 'Sagen Sie, um welchen Container es geht.',
  'The file is empty.': 'Die Datei ist leer.',
  'The provider has it already.': 'Der Anbieter hat es schon.',
  'The server answers again after {n} minute. Of {all} containers, {ran} were not touched by it, {started} have started again meanwhile, and {down} are down.':
    'Der Server antwortet nach {n} Minute wieder. Von {all} Containern waren {ran} nicht betroffen, {started} sind inzwischen wieder gestartet, und {down} laufen nicht.',
  'The server answers again after {n} minutes. Of {all} containers, {ran} were not touched by it, {started} have started again meanwhile, and {down} are down.':
    'Der Server antwortet nach {n} Minuten wieder. Von {all} Containern waren {ran} nicht betroffen, {started} sind inzwischen wieder gestartet, und {down} laufen nicht.',
  'The server is lost. Its containers are among the deleted ones: each can be had back on another server from its newest backup.':
    'Der Server ist verloren. Seine Container sind unter den gelöschten: jeder lässt sich auf einem anderen Server aus seiner neuesten Sicherung zurückholen.',
  'The server of these containers does not answer the panel. They may run all the same; from here it cannot be seen. It is being looked into.':
    'Der Server dieser Container antwortet dem Panel nicht. Sie können trotzdem laufen; von hier aus ist es nicht zu sehen. Es wird danach gesehen.',
  'The template "{name}" on its server': 'Die Vorlage „{name}“ auf seinem Server',
  'The ticket is about no container.': 'Das Ticket betrifft keinen Container.',
  'Somebody else is deciding it now.': 'Darüber entscheidet gerade jemand anderes.',
  'The ticket is closed.': 'Das Ticket ist geschlossen.',
  'There is no such person to give it to.': 'So jemanden, dem man es geben könnte, gibt es nicht.',
  'There is nothing here to approve.': 'Hier gibt es nichts zu genehmigen.',
  'This ticket asks for nothing that could be decided.': 'Dieses Ticket bittet um nichts, worüber zu entscheiden wäre.',
  urgent: 'dringend',
  'With the consent of {name}': 'Mit Einwilligung von {name}',
  'You have approved it.': 'Sie haben es genehmigt.',
  'You have asked in this ticket already.': 'Sie haben in diesem Ticket schon gebeten.',
} as const satisfies Record<string, string>;
