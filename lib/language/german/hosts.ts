/** See all.ts. */
export const hosts = {
  'A host is a server that runs containers. Let one join to begin.':
    'Auf einem Server laufen Container. Nehmen Sie zum Anfang einen auf.',
  Adopt: 'Übernehmen',
  'Adopt {name}': '{name} übernehmen',
  'Adopt…': 'Übernehmen…',
  'All hosts answer and no operation is stuck.': 'Alle Server antworten, und kein Vorgang hängt fest.',
  'All whom it concerns are told by mail.': 'Alle Betroffenen werden per E-Mail benachrichtigt.',
  Answers: 'Antwortet',
  'Back to {at}.': 'Zurück auf den Stand von {at}.',
  'Back to {at}<warn> if the directory of that backup is not lost too, else to {elsewhere}</warn>.':
    'Zurück auf den Stand von {at}<warn>, falls das Verzeichnis dieser Sicherung nicht auch verloren ist, sonst auf den von {elsewhere}</warn>.',
  'Back to {at}<warn> if the directory of that backup is not lost too; there is none elsewhere</warn>.':
    'Zurück auf den Stand von {at}<warn>, falls das Verzeichnis dieser Sicherung nicht auch verloren ist; anderswo gibt es keine</warn>.',
  'Choose at least one container.': 'Wählen Sie mindestens einen Container.',
  Decide: 'Entscheiden',
  Declare: 'Melden',
  'Declare an outage': 'Ausfall melden',
  Declared: 'Gemeldet',
  Disabled: 'Abgeschaltet',
  'Do not ignore': 'Nicht mehr ignorieren',
  'End it': 'Beenden',
  'End it…': 'Beenden…',
  'End the outage': 'Ausfall beenden',
  Engine: 'Engine',
  'For a server that is gone for good. One that only does not answer keeps its containers running.':
    'Für einen Server, der für immer weg ist. Antwortet er nur nicht, laufen seine Container weiter.',
  'Give this to the agent. It is shown only now and is good for {left}.':
    'Geben Sie ihn dem Agenten. Er wird nur jetzt gezeigt und gilt noch {left}.',
  Health: 'Zustand',
  Host: 'Server',
  Ignore: 'Ignorieren',
  'Is being written off.': 'Wird abgeschrieben.',
  'It becomes a container of {tenant} again. On the host nothing changes.':
    'Er wird wieder ein Container von {tenant}. Auf dem Server ändert sich nichts.',
  'Its agent joins with a token that works once.': 'Sein Agent tritt mit einem Token bei, der einmal gilt.',
  'Its tenant is not known any more and is made anew. On the host nothing changes.':
    'Sein Kunde ist nicht mehr bekannt und wird neu angelegt. Auf dem Server ändert sich nichts.',
  Joining: 'Wird aufgenommen',
  Lasts: 'Dauert an',
  'Let a host join': 'Server aufnehmen',
  'Looking at what is on it…': 'Es wird nachgesehen, was darauf ist…',
  Lost: 'Verloren',
  Machine: 'Maschine',
  'Make a token': 'Token erstellen',
  'Mark as lost': 'Als verloren markieren',
  'Mark as lost…': 'Als verloren markieren…',
  'Mark {host} as lost?': '{host} als verloren markieren?',
  'Name of the host': 'Name des Servers',
  'No complete backup: all of it is lost.': 'Keine vollständige Sicherung: Alles ist verloren.',
  'No host yet': 'Noch kein Server',
  'No outages': 'Keine Ausfälle',
  'Nothing is broken.': 'Alles in Ordnung.',
  'One is raised by itself when a server has not answered for a minute.':
    'Einer wird von selbst gemeldet, wenn ein Server eine Minute lang nicht geantwortet hat.',
  'Only some of its containers': 'Nur einige seiner Container',
  'Operations today': 'Vorgänge heute',
  'Orphaned containers': 'Verwaiste Container',
  'Pool promised': 'Pool zugesagt',
  'Pool used': 'Pool belegt',
  'Report:': 'Bericht:',
  'Report: what it was, what was lost, what is done about it':
    'Bericht: was es war, was verloren ging, was dagegen getan wird',
  'See backups': 'Sicherungen ansehen',
  'See container': 'Container ansehen',
  'See host': 'Server ansehen',
  'See hosts': 'Server ansehen',
  'Seen by the panel': 'Vom Panel bemerkt',
  Silent: 'Antwortet nicht',
  'Take into use again': 'Wieder in Betrieb nehmen',
  Tell: 'Mitteilen',
  'Tell more': 'Mehr mitteilen',
  'Tell more…': 'Mehr mitteilen…',
  'The owners of every container on these servers are told by mail, and see it above every page.':
    'Die Inhaber aller Container auf diesen Servern werden per E-Mail benachrichtigt und sehen es über jeder Seite.',
  'The whole host': 'Den ganzen Server',
  'Their host has them and this panel does not know them, as after a restore of an older copy of the panel, or wrote them off with a host that came back. Those are stopped, the others run on; nothing deletes them.':
    'Ihr Server hat sie, und dieses Panel kennt sie nicht, etwa nach dem Wiederherstellen eines älteren Stands des Panels, oder es hat sie mit einem Server abgeschrieben, der wiederkam. Letztere sind gestoppt, die anderen laufen weiter; nichts löscht sie.',
  'What does not work, whom it concerns, and what they were told.':
    'Was nicht funktioniert, wen es betrifft und was den Betroffenen mitgeteilt wurde.',
  'What is lost': 'Was verloren ist',
  'What is lost is not known yet.': 'Was verloren ist, ist noch nicht bekannt.',
  'What is wrong, in a few words': 'Was nicht geht, in wenigen Worten',
  'What people should know': 'Was die Betroffenen wissen sollen',
  'all of {names} is lost: there is no complete backup.':
    'alles von {names} ist verloren: Es gibt keine vollständige Sicherung.',
  and: 'und',
  'backups, for at least 14 days. Their tenants are told by mail.':
    'Sicherungen, für mindestens 14 Tage. Die Kunden werden per E-Mail benachrichtigt.',
  'from {start}': 'seit {start}',
  'from {start} to {end}': 'von {start} bis {end}',
  'have each container back from a backup, on another server, with another address. If the server comes back, it stops what it has of them; that is then listed as orphaned and can be adopted.':
    'jeden Container aus einer Sicherung zurückholen, auf einem anderen Server, mit einer anderen Adresse. Kommt der Server wieder, stoppt er, was er davon hat; das wird dann als verwaist aufgeführt und kann übernommen werden.',
  ignored: 'ignoriert',
  'last word {ago}': 'zuletzt gemeldet {ago}',
  'no container affected': 'kein Container betroffen',
  'no container is put there any more. There is none on it now.':
    'dort wird kein Container mehr untergebracht. Jetzt ist keiner darauf.',
  'no word yet': 'noch keine Meldung',
  'not known any more': 'nicht mehr bekannt',
  orphaned: 'verwaist',
  simulated: 'simuliert',
  'snapshots, and files kept for undo, are lost.':
    'Snapshots und fürs Rückgängigmachen aufgehobene Dateien sind verloren.',
  'what was written since the newest backup of each container is lost.':
    'was seit der neuesten Sicherung jedes Containers geschrieben wurde, ist verloren.',
  '{about} · for {since}': '{about} · seit {since}',
  '{address} · {memory} memory, {disk} disk': '{address} · {memory} Arbeitsspeicher, {disk} Speicherplatz',
  '{containers, plural, one {# container} other {# containers}} of {tenants, plural, one {# tenant} other {# tenants}}':
    '{containers, plural, one {# Container} other {# Container}} von {tenants, plural, one {# Kunden} other {# Kunden}}',
  '{driver} with reflinks': '{driver} mit Reflinks',
  '{n, plural, one {# container affected} other {# containers affected}}':
    '{n, plural, one {# Container betroffen} other {# Container betroffen}}',
  '{n, plural, one {# container} other {# containers}} of {host} can be had back from backups, under “Recently deleted”.':
    '{n, plural, one {# Container von {host} kann} other {# Container von {host} können}} aus Sicherungen zurückgeholt werden, unter „Kürzlich gelöscht“.',
  '{n, plural, one {# core} other {# cores}}': '{n, plural, one {# Kern} other {# Kerne}}',
  '{n, plural, one {# failed} other {# failed}}': '{n, plural, one {# fehlgeschlagen} other {# fehlgeschlagen}}',
  '{n, plural, one {# running} other {# running}}': '{n, plural, one {# läuft} other {# laufen}}',
  '{n, plural, one {# thing needs you} other {# things need you}}':
    '{n, plural, one {# Sache wartet auf Sie} other {# Sachen warten auf Sie}}',
  '{n, plural, one {# when last heard} other {# when last heard}}':
    '{n, plural, one {# lief zuletzt} other {# liefen zuletzt}}',
  '{n, plural, one {It concerns # container of yours.} other {It concerns # containers of yours.}}':
    '{n, plural, one {Es betrifft einen Ihrer Container.} other {Es betrifft # Ihrer Container.}}',
  '{n, plural, one {Mark # container as lost} other {Mark # containers as lost}}':
    '{n, plural, one {# Container als verloren markieren} other {# Container als verloren markieren}}',
  '{names} and {more} more': '{names} und {more} weitere',
  '{power}, found {ago}': '{power}, gefunden {ago}',
  '{what, select, other {Over}}': '{what, select, other {Vorbei}}',
} as const satisfies Record<string, string>;
