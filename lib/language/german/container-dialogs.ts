/** See all.ts: what dialogs about a container ask. */
export const containerDialogs = {
  'A file': 'Eine Datei',
  'A fresh system in place of the present one; it restarts if it runs.':
    'Ein frisches System anstelle des jetzigen; läuft der Container, startet er neu.',
  'Another container with the same files, on the same server.':
    'Ein weiterer Container mit denselben Dateien, auf demselben Server.',
  'Ask again here, or later with the same file: it goes on from what has come.':
    'Versuchen Sie es hier noch einmal oder später mit derselben Datei: Es geht weiter, wo es abbrach.',
  'Plan of the copy': 'Tarif des Klons',
  'The plan {plan} is not offered any more, and none of your others takes these files. Ask for one under Help.':
    'Der Tarif {plan} wird nicht mehr angeboten, und keiner Ihrer anderen fasst diese Dateien. Fragen Sie unter „Hilfe“ nach einem.',
  'The plan {plan} is not offered any more.': 'Der Tarif {plan} wird nicht mehr angeboten.',
  'a snapshot of the present files, taken first.': 'ein Snapshot der jetzigen Dateien; er wird zuerst angelegt.',
  'A word to them': 'Nachricht an sie',
  'address, port forwards, plan, every backup and every snapshot of yours.':
    'Adresse, Portweiterleitungen, Tarif, alle Sicherungen und alle Ihre Snapshots.',
  'all of {name}, which goes on running.': 'alles von {name}; der Container läuft weiter.',
  'all of {name}.': 'alles von {name}.',
  'all system files and everything installed is replaced.': 'Alle Systemdateien und alles Installierte werden ersetzt.',
  'all system files and everything installed is replaced; your own files go with it.':
    'Alle Systemdateien und alles Installierte werden ersetzt; Ihre eigenen Dateien verschwinden mit.',
  'all your files, host name, address, port forwards and backups.':
    'alle Ihre Dateien, Hostname, Adresse, Portweiterleitungen und Sicherungen.',
  'Also its host name.': 'Auch ihr Hostname.',
  'Another container is called {name} by now.': 'Inzwischen heißt ein anderer Container {name}.',
  'Another container with the same files, on the same server and the plan {plan}.':
    'Ein weiterer Container mit denselben Dateien, auf demselben Server und im Tarif {plan}.',
  'Another name': 'Anderer Name',
  'as now': 'wie jetzt',
  'Ask its owners': 'Inhaber fragen',
  'At least 10 characters. Leave empty to log in by key only.':
    'Mindestens 10 Zeichen. Leer lassen, um sich nur per Schlüssel anzumelden.',
  'At least 10 characters. The tenant can change both later.':
    'Mindestens 10 Zeichen. Der Kunde kann beides später ändern.',
  'Back up first…': 'Vorher sichern…',
  'before the upgrade': 'vor dem Upgrade',
  'Can be changed': 'Können geändert werden',
  'Can only be read': 'Können nur gelesen werden',
  'Change the plan of {name}': 'Tarif von {name} wechseln',
  'Choose a file first.': 'Wählen Sie zuerst eine Datei.',
  'Choose a system first.': 'Wählen Sie zuerst ein System.',
  'Choose this if somebody got in who should not have.': 'Wählen Sie das, wenn jemand eingedrungen ist.',
  'Clone {name}': '{name} klonen',
  command: 'Befehl',
  Create: 'Erstellen',
  'Delete container': 'Container löschen',
  'your provider can delete it; ask under Help.': 'Ihr Anbieter kann ihn löschen; bitten Sie ihn unter Hilfe darum.',
  'delete it again.': 'ihn wieder löschen.',
  'Delete snapshot': 'Snapshot löschen',
  'delete the copy.': 'die Kopie löschen.',
  'Delete this snapshot?': 'Diesen Snapshot löschen?',
  'E-mail of the other account’s owner': 'E-Mail-Adresse des Inhabers des anderen Kontos',
  'Everything in it ends at once. Files that are written stay; what programs had not saved yet is lost, and a database may need to repair itself at the next start. Another operation on it is cancelled.':
    'Alles darin endet auf der Stelle. Geschriebene Dateien bleiben; was Programme noch nicht gespeichert hatten, ist verloren, und eine Datenbank muss sich beim nächsten Start vielleicht selbst reparieren. Ein anderer Vorgang an ihm wird abgebrochen.',
  'Forget users, passwords and keys': 'Benutzer, Passwörter und Schlüssel vergessen',
  'From an exported file, or any root file system as tar: plain, gzip or zstd.':
    'Aus einer exportierten Datei oder einem beliebigen Root-Dateisystem als tar: unkomprimiert, gzip oder zstd.',
  'From one of its backups, on its plan and with its limits.':
    'Aus einer seiner Sicherungen, mit seinem Tarif und dessen Grenzen.',
  'From {from}. {template} on the plan {plan}: {cores}, {memory} of memory, {disk} of disk.':
    'Von {from}. {template} im Tarif {plan}: CPU-Kerne: {cores}, Arbeitsspeicher: {memory}, Speicherplatz: {disk}.',
  'Hand {name} over': '{name} übergeben',
  'have it back from a backup, then. Afterwards the backups go too.':
    'ihn in dieser Zeit aus einer Sicherung zurückholen. Danach werden auch die Sicherungen gelöscht.',
  'Have {name} back': '{name} zurückholen',
  'host name, address, port forwards and backups.': 'Hostname, Adresse, Portweiterleitungen und Sicherungen.',
  'If an account here belongs to this address, its owners get a mail. You are not told whether one does.':
    'Gehört zu dieser Adresse hier ein Konto, bekommen dessen Inhaber eine Mail. Ob es eines gibt, erfahren Sie nicht.',
  'Import a container': 'Container importieren',
  'Import…': 'Importieren…',
  'It can be had back from its backups until {at}.': 'Er kann bis {at} aus seinen Sicherungen zurückgeholt werden.',
  'It cannot be rolled back to afterwards, and this cannot be undone. The container itself is not touched.':
    'Danach lässt sich nicht mehr auf ihn zurücksetzen, und das lässt sich nicht rückgängig machen. Der Container selbst wird nicht angetastet.',
  'it counts against what your account may have, from now on.':
    'Der Container zählt ab jetzt zu dem, was Ihr Konto haben darf.',
  'it goes on running, under the same address.': 'Der Container läuft weiter, unter derselben Adresse.',
  'it goes on running, with its files, address, snapshots and port forwards.':
    'Der Container läuft weiter, mit seinen Dateien, seiner Adresse, seinen Snapshots und Portweiterleitungen.',
  'it has no backup yet; a first one is made for you.':
    'Er hat noch keine Sicherung; eine erste wird für Sie angelegt.',
  'it has no complete backup: all of it is lost.': 'Er hat keine vollständige Sicherung: alles geht verloren.',
  'It has no keys: add one in its settings first.':
    'Er hat keine Schlüssel: Fügen Sie zuerst in den Einstellungen einen hinzu.',
  'It has the users, passwords, keys and identity that are in the file: whatever runs in it runs here too.':
    'Er hat die Benutzer, Passwörter, Schlüssel und die Identität aus der Datei: Was darin läuft, läuft auch hier.',
  'It is on this plan already. Choose another one.': 'Diesen Tarif hat er schon. Wählen Sie einen anderen.',
  'It is shown now and never again. The console in this panel needs none.':
    'Es wird nur jetzt gezeigt und nie wieder. Die Konsole in diesem Panel braucht keines.',
  'It lies on the same server and is lost with it. A backup is what survives that.':
    'Er liegt auf demselben Server und geht mit ihm verloren. Eine Sicherung überlebt das.',
  'It needs a built template first. Create one on its page, then come back.':
    'Zuerst braucht es eine gebaute Vorlage. Bauen Sie auf der Seite der Vorlagen eine, und kommen Sie dann zurück.',
  'It needs a plan first. Create one on its page, then come back.':
    'Zuerst braucht es einen Tarif. Legen Sie auf der Seite der Tarife einen an, und kommen Sie dann zurück.',
  'It needs a tenant first. Create one on its page, then come back.':
    'Zuerst braucht es einen Kunden. Legen Sie auf der Seite der Kunden einen an, und kommen Sie dann zurück.',
  'It needs systemd, busybox init or sysvinit as /sbin/init.':
    'Als /sbin/init braucht es systemd, busybox init oder sysvinit.',
  'It restarts into a fresh rescue system of the same kind. Its own files wait at /repair.':
    'Er startet neu in ein frisches Rettungssystem derselben Art. Seine eigenen Dateien liegen unter /repair bereit.',
  'it stops, and its files, snapshots and what is kept for undo are deleted.':
    'Er wird gestoppt; seine Dateien, seine Snapshots und seine aufgehobenen Stände werden gelöscht.',
  'its backups stay in your account, as those of a deleted container. They begin anew with a full one of their own.':
    'Seine Sicherungen bleiben in Ihrem Konto, wie die eines gelöschten Containers. Das andere Konto beginnt neu, mit einer eigenen vollen Sicherung.',
  'its backups, its address and its forwarded ports, for {days, plural, one {# day} other {# days}}.':
    'seine Sicherungen, seine Adresse und seine weitergeleiteten Ports, für {days, plural, one {# Tag} other {# Tage}}.',
  'its labels, leave for staff to look inside, and what billing sold it as end. Open tickets stay with you.':
    'Seine Labels, Einwilligungen für den Support und die Verknüpfung mit der Abrechnung enden. Offene Tickets bleiben bei Ihnen.',
  'Its name in your account': 'Sein Name in Ihrem Konto',
  'its name, its address {address}, its forwarded ports, users, keys, and every backup.':
    'sein Name, seine Adresse {address}, seine weitergeleiteten Ports, seine Benutzer und Schlüssel und alle Sicherungen.',
  'its name, its forwarded ports, users, keys, and every backup.':
    'sein Name, seine weitergeleiteten Ports, seine Benutzer und Schlüssel und alle Sicherungen.',
  'its name, users, keys, and every backup.': 'sein Name, seine Benutzer und Schlüssel und alle Sicherungen.',
  'Its newest backup is from {ago}; what was written since is lost.':
    'Letzte Sicherung: {ago}. Was seither geschrieben wurde, geht verloren.',
  'its own programs do not run until the repair is finished.':
    'Seine eigenen Programme laufen nicht, bis die Reparatur beendet ist.',
  'its password, other users and whatever runs inside are as they left them: change the password, and restart it to end who is logged in.':
    'Passwort, weitere Benutzer und alles, was darin läuft, sind so, wie sie hinterlassen wurden: Ändern Sie das Passwort, und starten Sie den Container neu, um zu trennen, wer angemeldet ist.',
  'Its server {server} cannot take it back now. On another one it gets another address than {address}, and its forwarded ports may change.':
    'Sein Server {server} kann ihn jetzt nicht wieder aufnehmen. Auf einem anderen bekommt er eine andere Adresse als {address}, und seine weitergeleiteten Ports können sich ändern.',
  'Its server {server} cannot take it back now. On another one it gets another address, and its forwarded ports may change.':
    'Sein Server {server} kann ihn jetzt nicht wieder aufnehmen. Auf einem anderen bekommt er eine andere Adresse, und seine weitergeleiteten Ports können sich ändern.',
  'Kill now': 'Jetzt beenden',
  'Kill {name}?': '{name} sofort beenden?',
  'Let it have another address': 'Eine andere Adresse zulassen',
  'Like pulling the plug: for when Stop does not help.': 'Wie den Stecker ziehen: wenn „Stoppen“ nicht hilft.',
  'Log in': 'Anmelden',
  'Lower-case letters, digits and dashes.': 'Kleinbuchstaben, Ziffern und Bindestriche.',
  'Made for this repair, and shown in the next step.': 'Für diese Reparatur erzeugt und im nächsten Schritt gezeigt.',
  'May log in as root now: {keys}. Add your own key in its settings afterwards.':
    'Darf sich jetzt als root anmelden: {keys}. Fügen Sie Ihren eigenen Schlüssel danach in den Einstellungen hinzu.',
  'Name of the copy': 'Name der Kopie',
  'New container': 'Neuer Container',
  'New root password': 'Neues Root-Passwort',
  'none. Back it up first.': 'nicht möglich. Sichern Sie ihn vorher.',
  'none: its plan keeps nothing of deleted containers.':
    'nicht möglich: Sein Tarif hebt von gelöschten Containern nichts auf.',
  'Offer it': 'Anbieten',
  'offer it back to them.': 'den Container wieder zurück anbieten.',
  'Offered. Nothing changes before they accept.': 'Angeboten. Bis zur Annahme ändert sich nichts.',
  'One per line.': 'Einer pro Zeile.',
  password: 'Passwort',
  'Password of the rescue system': 'Passwort des Rettungssystems',
  'Read-only, for as long as they are kept for undo.':
    'Nur lesbar, solange sie zum Rückgängigmachen aufgehoben werden.',
  'Reinstall {name}': '{name} neu installieren',
  'Repair {name}': '{name} reparieren',
  'Roll back': 'Zurücksetzen',
  'Roll {name} back': '{name} zurücksetzen',
  'Root password (optional)': 'Root-Passwort (optional)',
  'root, with a password for once': 'root, mit einem Einmalpasswort',
  'root, with your ssh keys': 'root, mit Ihren ssh-Schlüsseln',
  'Say first that another address will do.': 'Bestätigen Sie zuerst, dass eine andere Adresse genügt.',
  'Sending {file}': '{file} wird gesendet',
  'Show the old files at /old': 'Alte Dateien unter /old zeigen',
  'Snapshot of {name}': 'Snapshot von {name}',
  'so that it is the right one': 'damit es der richtige ist',
  'ssh keys of root (optional)': 'ssh-Schlüssel von root (optional)',
  'ssh keys that may log in': 'ssh-Schlüssel, die sich anmelden dürfen',
  'ssh will say that the host key has changed: the rescue system has one of its own.':
    'ssh wird melden, dass sich der Hostschlüssel geändert hat: Das Rettungssystem hat einen eigenen.',
  'Start it when it is back': 'Starten, wenn er zurück ist',
  'Start it when it is made': 'Nach dem Anlegen starten',
  'Start rescue system': 'Rettungssystem starten',
  'Take it over': 'Übernehmen',
  'Take snapshot': 'Snapshot anlegen',
  'Take {name} over': '{name} übernehmen',
  'Takes effect at once, without a restart.': 'Gilt sofort, ohne Neustart.',
  'the container, its files, snapshots, files kept for undo, port forwards and backup schedule become theirs.':
    'Der Container, seine Dateien, Snapshots, aufgehobenen Stände, Portweiterleitungen und sein Zeitplan für Sicherungen gehen an das andere Konto.',
  'the copy gets an address, host name, machine id and ssh host keys of its own.':
    'Die Kopie bekommt eine eigene Adresse, einen eigenen Hostnamen, eine eigene Maschinen-ID und eigene ssh-Hostschlüssel.',
  'The offer is good for': 'Das Angebot gilt',
  'The owners are asked. Without their word nothing happens.':
    'Die Inhaber werden gefragt. Ohne ihre Zustimmung geschieht nichts.',
  'their backups stay theirs, with all that was in it until now. A first one of your own is made at once.':
    'Die bisherigen Sicherungen bleiben beim anderen Konto, mit allem, was bis jetzt darin war. Eine erste eigene wird sofort angelegt.',
  'Then it goes back to its own system by itself. More time can be had meanwhile.':
    'Danach kehrt er von selbst in sein eigenes System zurück. Die Zeit lässt sich unterdessen verlängern.',
  'There is no plan for it.': 'Es gibt keinen Tarif dafür.',
  'this cannot be undone': 'das lässt sich nicht rückgängig machen',
  'This cannot be undone.': 'Das lässt sich nicht rückgängig machen.',
  'Those in its settings.': 'Die aus seinen Einstellungen.',
  'To another account, for good. Nothing changes until its owner accepts.':
    'An ein anderes Konto, für immer. Bis dessen Inhaber annimmt, ändert sich nichts.',
  'To look around and copy things out.': 'Um sich umzusehen und Dateien herauszukopieren.',
  'To put right what keeps it from working.': 'Um in Ordnung zu bringen, was den Betrieb verhindert.',
  'To the snapshot from {at} ({ago})': 'Auf den Snapshot von {at} ({ago})',
  'To the snapshot “{name}” from {at} ({ago})': 'Auf den Snapshot „{name}“ von {at} ({ago})',
  'Uploads that were cut off': 'Abgebrochene Uploads',
  'Users and files': 'Benutzer und Dateien',
  'users, passwords and keys are forgotten.': 'Benutzer, Passwörter und Schlüssel werden vergessen.',
  'users, passwords and keys are the same in both.': 'Benutzer, Passwörter und Schlüssel sind in beiden gleich.',
  'users, passwords and ssh keys.': 'Benutzer, Passwörter und ssh-Schlüssel.',
  'What has come is kept for a day. Choose the same file and plan, and it goes on from there.':
    'Was angekommen ist, wird einen Tag aufgehoben. Wählen Sie dieselbe Datei und denselben Tarif, und es geht dort weiter.',
  'What it calls itself inside does not change.': 'Wie er sich innen selbst nennt, ändert sich nicht.',
  'What runs in the one will run in the other too: mail, jobs, changes elsewhere.':
    'Was im einen läuft, läuft dann auch im anderen: Mails, Aufträge, Änderungen anderswo.',
  'what was written after that backup is not in it. Snapshots and files kept for undo are gone.':
    'Was nach dieser Sicherung geschrieben wurde, fehlt. Snapshots und aufgehobene Stände sind weg.',
  'Who logs in': 'Wer sich anmeldet',
  'withdraw the offer until it is accepted. Afterwards only they can hand it back.':
    'das Angebot zurückziehen, bis es angenommen ist. Danach kann nur das andere Konto ihn zurückgeben.',
  'your consoles, tokens and roles for it end within two seconds. Who is logged in by ssh stays so until it restarts.':
    'Ihre Konsolen, Tokens und Rollen dafür enden innerhalb von zwei Sekunden. Wer per ssh angemeldet ist, bleibt es bis zum nächsten Neustart.',
  'Your files at /repair': 'Ihre Dateien unter /repair',
  'your old files, readable at /old.': 'Ihre alten Dateien, lesbar unter /old.',
  '{days, plural, one {# day} other {# days}}': '{days, plural, one {# Tag} other {# Tage}}',
  '{kill, select, other {Leave it}}': '{kill, select, other {Nicht beenden}}',
  '{n, plural, one {# hour} other {# hours}}': '{n, plural, one {# Stunde} other {# Stunden}}',
  '{n, plural, one {Take their ssh key out} other {Take their # ssh keys out}}':
    '{n, plural, one {Den fremden ssh-Schlüssel entfernen} other {Die # fremden ssh-Schlüssel entfernen}}',
  '{name} (now)': '{name} (jetzt)',
  '{name} is being made. It is in the list of containers.':
    '{name} wird angelegt. Er steht in der Liste der Container.',
  '{name} is being taken over. It appears among your containers in a moment.':
    '{name} wird übernommen. Er erscheint gleich unter Ihren Containern.',
  '{name} is coming back. It is in the list of containers.':
    '{name} kommt zurück. Er steht in der Liste der Container.',
  '{password, select, other {I have it}}': '{password, select, other {Ich habe es}}',
  '{sent} of {whole} sent. Keep this window open.': '{sent} von {whole} gesendet. Lassen Sie dieses Fenster offen.',
  '“Finish repair” starts its own system again; nothing of the rescue system stays.':
    '„Reparatur beenden“ startet wieder sein eigenes System; vom Rettungssystem bleibt nichts.',
  '“{name}”, {at}': '„{name}“, {at}',
} as const satisfies Record<string, string>;
