/** See all.ts: repairing, restoring, handing over and settings of a container. */
export const containerCare = {
  'A container is handed over in its settings. What others offer you appears here, and comes by mail.':
    'Ein Container wird in seinen Einstellungen übergeben. Was andere Ihnen anbieten, erscheint hier und kommt per Mail.',
  'A customer takes it over, or it moves to an account of its own. Both sides have to say yes.':
    'Ein Kunde übernimmt ihn, oder er zieht in ein eigenes Konto um. Beide Seiten müssen zustimmen.',
  'A rescue system runs in its place; its own files are at <code>/repair</code>, and can be changed there. Everything else waits until the repair is finished; then its own system starts again, and nothing of the rescue system stays.':
    'Statt seiner läuft ein Rettungssystem; seine eigenen Dateien liegen unter <code>/repair</code> und können dort geändert werden. Alles andere wartet, bis die Reparatur beendet ist; dann startet wieder sein eigenes System, und vom Rettungssystem bleibt nichts.',
  'A rescue system runs in its place; its own files are at <code>/repair</code>, to be read only. Everything else waits until the repair is finished; then its own system starts again, and nothing of the rescue system stays.':
    'Statt seiner läuft ein Rettungssystem; seine eigenen Dateien liegen unter <code>/repair</code> und können dort nur gelesen werden. Alles andere wartet, bis die Reparatur beendet ist; dann startet wieder sein eigenes System, und vom Rettungssystem bleibt nichts.',
  'About as long as its backup takes to read.': 'Dauert etwa so lange, wie die Sicherung zu lesen.',
  'Access is written inside the container.': 'Der Zugang wird innerhalb des Containers geschrieben.',
  'Actions for the snapshot {name} from {at}': 'Aktionen für den Snapshot {name} von {at}',
  'Add keys': 'Schlüssel hinzufügen',
  'The repair lasts {hours, plural, one {# hour} other {# hours}} from now.':
    'Die Reparatur dauert von jetzt an {hours, plural, one {# Stunde} other {# Stunden}}.',
  'address, port forwards, plan, snapshots and every backup.':
    'Adresse, Portweiterleitungen, Tarif, Snapshots und alle Sicherungen.',
  Addresses: 'Adressen',
  'All files go back to a backup you choose. What was written since is gone.':
    'Alle Dateien gehen auf eine Sicherung Ihrer Wahl zurück. Was seither geschrieben wurde, ist weg.',
  'All files go back to a snapshot you took. What was written since is gone.':
    'Alle Dateien gehen auf einen Ihrer Snapshots zurück. Was seither geschrieben wurde, ist weg.',
  'Another account': 'Anderes Konto',
  'At least 10 characters. It is set inside the container and not kept by the panel.':
    'Mindestens 10 Zeichen. Es wird innerhalb des Containers gesetzt und vom Panel nicht aufbewahrt.',
  'automatic, not counted': 'automatisch, zählt nicht mit',
  'being deleted': 'wird gelöscht',
  'being made': 'wird angelegt',
  'Can be undone: the present files are kept aside.':
    'Lässt sich rückgängig machen: Die jetzigen Dateien werden aufgehoben.',
  Choose: 'Wählen',
  'Choose the label {label}': 'Label {label} auswählen',
  'Chosen: {label}': 'Ausgewählt: {label}',
  'Connections through it end. You can add it again, with the same number if it is still free.':
    'Verbindungen darüber enden. Sie können ihn wieder hinzufügen, mit derselben Nummer, wenn sie noch frei ist.',
  'Copy what you want to keep. When they go, the reinstall can no longer be undone; until the container next stops they can still be read there.':
    'Kopieren Sie, was Sie behalten möchten. Sind sie weg, lässt sich die Neuinstallation nicht mehr rückgängig machen; bis der Container das nächste Mal stoppt, sind sie dort noch zu lesen.',
  'Counting what was written since…': 'Es wird gezählt, was seither geschrieben wurde…',
  Decline: 'Ablehnen',
  Declined: 'Abgelehnt',
  'else kept for another {left}': 'wird sonst noch {left} aufgehoben',
  'Ends and starts everything in it. Helps when a program hangs.':
    'Beendet und startet alles in ihm. Hilft, wenn ein Programm hängt.',
  Expired: 'Abgelaufen',
  'Export {name}': '{name} exportieren',
  'Export…': 'Exportieren…',
  'Files as they were before the reinstall': 'Stand vor der Neuinstallation',
  'Files as they were before the restore': 'Stand vor der Wiederherstellung',
  'Files as they were before the roll-back': 'Stand vor dem Zurücksetzen',
  'Files as they were before the undo': 'Stand vor dem Rückgängigmachen',
  Forward: 'Weiterleiten',
  'Forward a port': 'Port weiterleiten',
  'Forward a port to {name}': 'Port an {name} weiterleiten',
  'Forward one to reach a service in it from outside, such as port 22 for ssh or 80 for a web site.':
    'Leiten Sie einen weiter, um einen Dienst in ihm von außen zu erreichen, etwa Port 22 für ssh oder 80 für eine Website.',
  'Given by {name}.': 'Gegeben von {name}.',
  'Go back': 'Zurückkehren',
  'Go back to the files before the reinstall?': 'Zum Stand vor der Neuinstallation zurückkehren?',
  'Go back to the files before the restore?': 'Zum Stand vor der Wiederherstellung zurückkehren?',
  'Go back to the files before the roll-back?': 'Zum Stand vor dem Zurücksetzen zurückkehren?',
  'Go back to the files before the undo?': 'Zum Stand vor dem Rückgängigmachen zurückkehren?',
  'Go back…': 'Zurückkehren…',
  'Groups of containers. People and tokens can be let at all that carry a label: changing one changes who reaches this container.':
    'Gruppen von Containern. Personen und Tokens können Zugriff auf alle bekommen, die ein Label tragen: Wer eines ändert, ändert, wer an diesen Container kommt.',
  'Hand over…': 'Übergeben…',
  'Host name': 'Hostname',
  'How much was written since cannot be said: {why}':
    'Wie viel seither geschrieben wurde, lässt sich nicht sagen: {why}',
  'In repair for another {left}': 'Noch {left} in Reparatur',
  'In use:': 'In Gebrauch:',
  Inside: 'Innen',
  'Instant, for “before I try this”. They lie on the same server and are lost with it: <b>a snapshot is not a backup.</b>':
    'Sofort fertig, für „bevor ich das ausprobiere“. Sie liegen auf demselben Server und gehen mit ihm verloren: <b>Ein Snapshot ist keine Sicherung.</b>',
  'It is being handed over to <b>{to}</b>.': 'Er wird gerade an <b>{to}</b> übergeben.',
  'It is being made. It appears here when it is done.':
    'Sie wird gerade erstellt. Wenn sie fertig ist, erscheint sie hier.',
  'It is offered to <b>{to}</b>, once its owners say yes; {left} left.':
    'Er wird <b>{to}</b> angeboten, sobald seine Inhaber zustimmen; noch {left}.',
  'It is offered to <b>{to}</b>; {left} left.': 'Er ist <b>{to}</b> angeboten; noch {left}.',
  'It is stopped. Nothing in it changes.': 'Er ist gestoppt. Nichts in ihm ändert sich.',
  'It leads to port {port} of {name}.': 'Er führt zu Port {port} von {name}.',
  'It reaches the internet through its server. From outside it is reached by the ports forwarded here.':
    'Ins Internet kommt er über seinen Server. Von außen ist er über die hier weitergeleiteten Ports erreichbar.',
  'It restarts into a fresh rescue system under the same address; your files are at /repair. For when it does not start, or nobody can log in.':
    'Er startet neu in ein frisches Rettungssystem unter derselben Adresse; Ihre Dateien liegen unter /repair. Wenn er nicht startet oder sich niemand anmelden kann.',
  'Its server waits a little longer before each new try, up to five minutes, and stops trying after ten failures within half an hour. What ran when the server itself went down always comes back.':
    'Sein Server wartet vor jedem neuen Versuch etwas länger, bis zu fünf Minuten, und gibt nach zehn Fehlschlägen innerhalb einer halben Stunde auf. Was lief, als der Server selbst ausfiel, kommt immer wieder.',
  'Keep them': 'Behalten',
  'Keeps all files.': 'Alle Dateien bleiben.',
  'Keeps all files; “Finish repair” brings its own system back.':
    'Alle Dateien bleiben; „Reparatur beenden“ bringt sein eigenes System zurück.',
  'host name and ssh keys as its settings show them: a key that was removed there does not log in again. Users and passwords go back with the files.':
    'Hostname und SSH-Schlüssel, wie seine Einstellungen sie zeigen: Ein Schlüssel, der dort entfernt wurde, meldet sich nicht wieder an. Benutzer und Passwörter gehen mit den Dateien zurück.',
  'host name and ssh keys could not all be written into these files: set them again in the settings':
    'Hostname und SSH-Schlüssel ließen sich nicht alle in diese Dateien schreiben: Setzen Sie sie in den Einstellungen noch einmal',
  'its host name and the ssh keys of its settings: no key of the backup logs root in there. Users and passwords become those of the backup.':
    'sein Hostname und die SSH-Schlüssel seiner Einstellungen: Kein Schlüssel der Sicherung meldet dort root an. Benutzer und Passwörter werden die der Sicherung.',
  'kept for another {left}': 'wird noch {left} aufgehoben',
  'Kept for undo': 'Aufgehobene Stände',
  Label: 'Label',
  Labels: 'Labels',
  'Leave empty to get a free one.': 'Leer lassen, um einen freien zu bekommen.',
  'Made {ago}, {size}; to be fetched for another {left}.': '{ago} erstellt, {size}; kann noch {left} abgeholt werden.',
  'Make the file': 'Datei erstellen',
  No: 'Nein',
  'No key may log in yet.': 'Noch darf sich kein Schlüssel anmelden.',
  'No open offers': 'Keine offenen Angebote',
  'No port leads to this container': 'Kein Port führt zu diesem Container',
  'None yet.': 'Noch keine.',
  'not counted against your disk': 'zählt nicht zu Ihrem Speicherplatz',
  'Nothing is changed yet.': 'Noch ist nichts geändert.',
  'nothing to undo: the file goes by itself after a day.':
    'nicht nötig: die Datei verschwindet nach einem Tag von selbst.',
  'Offer it back': 'Zurück anbieten',
  'One is being made.': 'Eine wird gerade erstellt.',
  Outside: 'Außen',
  Own: 'Eigene',
  'Paste a public key first.': 'Fügen Sie zuerst einen öffentlichen Schlüssel ein.',
  'Port inside': 'Port innen',
  'Port outside (optional)': 'Port außen (optional)',
  'port {port}': 'Port {port}',
  'possible: the present files are kept aside in their place.':
    'möglich: Dafür werden die jetzigen Dateien aufgehoben.',
  Protocol: 'Protokoll',
  'Release the files before the reinstall?': 'Den Stand vor der Neuinstallation freigeben?',
  'Release the files before the restore?': 'Den Stand vor der Wiederherstellung freigeben?',
  'Release the files before the roll-back?': 'Den Stand vor dem Zurücksetzen freigeben?',
  'Release the files before the undo?': 'Den Stand vor dem Rückgängigmachen freigeben?',
  'Release…': 'Freigeben…',
  'Remove old files…': 'Alte Dateien entfernen…',
  'Remove the forward from {from} to {to}': 'Weiterleitung von {from} nach {to} entfernen',
  'Remove the key {name}': 'Schlüssel {name} entfernen',
  'Replaces the system and everything installed.': 'Ersetzt das System und alles Installierte.',
  'Roll back…': 'Zurücksetzen…',
  'Root password': 'Root-Passwort',
  'Save labels': 'Labels speichern',
  'See the offer': 'Angebot ansehen',
  'shown at {path}': 'zu sehen unter {path}',
  'Small letters, digits, dots and dashes; 40 at most.':
    'Kleinbuchstaben, Ziffern, Punkte und Bindestriche; höchstens 40 Zeichen.',
  'ssh keys of root': 'ssh-Schlüssel von root',
  'Stop forwarding port {port}?': 'Port {port} nicht mehr weiterleiten?',
  'Take it over…': 'Übernehmen…',
  'Take snapshot…': 'Snapshot anlegen…',
  'Take {label} away': '{label} wegnehmen',
  'Taken by {name}.': 'Übernommen von {name}.',
  'the container, as it is.': 'der Container, wie er ist.',
  'The content of a file that ends in .pub; one per line.':
    'Der Inhalt einer Datei, die auf .pub endet; einer pro Zeile.',
  'The file holds everything: passwords, keys, data. Keep it where only you can read it.':
    'Die Datei enthält alles: Passwörter, Schlüssel, Daten. Bewahren Sie sie dort auf, wo nur Sie sie lesen können.',
  'the file made before goes.': 'Die zuvor erstellte Datei wird gelöscht.',
  'The labels are saved.': 'Die Labels sind gespeichert.',
  'The last try did not come to its end: {problem}': 'Der letzte Versuch kam nicht zu Ende: {problem}',
  'The new password is being set.': 'Das neue Passwort wird gesetzt.',
  'The whole container as one file': 'Der ganze Container als eine Datei',
  'The {size} put aside {ago} are deleted. <b>After that it cannot be undone.</b> Until the container next stops they can still be read at {path}. Backups and snapshots are not touched.':
    'Die {ago} aufgehobenen {size} werden gelöscht. <b>Danach lässt sich nichts mehr rückgängig machen.</b> Bis der Container das nächste Mal stoppt, sind sie unter {path} noch zu lesen. Sicherungen und Snapshots werden nicht angetastet.',
  'The {size} put aside {ago} are deleted. <b>After that it cannot be undone.</b> Backups and snapshots are not touched.':
    'Die {ago} aufgehobenen {size} werden gelöscht. <b>Danach lässt sich nichts mehr rückgängig machen.</b> Sicherungen und Snapshots werden nicht angetastet.',
  'There is no backup yet to restore from. Make one first.':
    'Es gibt noch keine Sicherung, aus der wiederhergestellt werden könnte. Legen Sie zuerst eine an.',
  'This is how it is now. Choose another.': 'So ist es schon. Wählen Sie etwas anderes.',
  'To be decided': 'Zu entscheiden',
  'To take it elsewhere, or to make another container of it.':
    'Um ihn anderswohin mitzunehmen oder einen weiteren Container daraus zu machen.',
  'Type <b>{name}</b> to go on': 'Geben Sie <b>{name}</b> ein, um fortzufahren',
  'Type {name} first: {why}.': 'Geben Sie zuerst {name} ein: {why}.',
  'Usually seconds.': 'Dauert meist Sekunden.',
  'Usually under a minute.': 'Dauert meist unter einer Minute.',
  'Waits for the giver': 'Wartet auf den Gebenden',
  'What it calls itself inside. In the panel it stays {name}.':
    'Wie er sich innen selbst nennt. Im Panel bleibt er {name}.',
  'what was written since then is gone from the container, all of it. It restarts if it runs.':
    'Was seither geschrieben wurde, ist im Container nicht mehr da, nichts davon. Läuft er, startet er neu.',
  'When it ends by itself': 'Wenn er von selbst endet',
  'Whoever reaches the server on that port reaches the container.':
    'Wer den Server auf diesem Port erreicht, erreicht den Container.',
  Withdraw: 'Zurückziehen',
  Withdrawn: 'Zurückgezogen',
  'without a name': 'ohne Namen',
  'Yes, hand it over': 'Ja, übergeben',
  'Your old files are at <code>{path}</code> for another {left}':
    'Ihre alten Dateien liegen noch {left} unter <code>{path}</code>',
  'Your old files stay at /old, users and keys are carried over.':
    'Ihre alten Dateien bleiben unter /old, Benutzer und Schlüssel werden übernommen.',
  'Your plan allows {max}. Delete one first.': 'Ihr Tarif erlaubt {max}. Löschen Sie zuerst einen.',
  '{ago} by {name}': '{ago} von {name}',
  '{hours} hours more': '{hours} Stunden mehr',
  '{left} left': 'noch {left}',
  '{name} as it was {ago}.': '{name} auf dem Stand von {ago}.',
  '{n} sets of replaced files are kept already. Which may go?':
    'Es werden schon {n} Stände aufgehoben. Welcher darf weg?',
  '{offer, select, other {Before}}': '{offer, select, other {Früher}}',
  '{offer, select, other {Open}}': '{offer, select, other {Offen}}',
  '{used} of {whole}': '{used} von {whole}',
  '{whole, select, yes {} other {At least }}{n, plural, one {# file} other {# files}} written since ({size}){deleted, plural, =0 {} one {, # system file deleted} other {, # system files deleted}}':
    '{whole, select, yes {} other {Mindestens }}{n, plural, one {# Datei} other {# Dateien}} seither geschrieben ({size}){deleted, plural, =0 {} one {, # Systemdatei gelöscht} other {, # Systemdateien gelöscht}}',
  'Files as they were before system files were put back': 'Stand vor dem Zurückholen der Systemdateien',
  'Go back to the files before system files were put back?':
    'Zum Stand vor dem Zurückholen der Systemdateien zurückkehren?',
  'Release the files before system files were put back?': 'Den Stand vor dem Zurückholen der Systemdateien freigeben?',
} as const satisfies Record<string, string>;
