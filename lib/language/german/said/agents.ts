/** What hosts say. See all.ts. */
export const agents = {
  'A backup can only be read.': 'Eine Sicherung kann man nur lesen.',
  'A disk of the server or of the backup location is full. Ask again when there is room on it.':
    'Eine Platte des Servers oder des Sicherungsorts ist voll. Versuchen Sie es wieder, wenn darauf Platz ist.',
  'A layer on this host is damaged and was not mounted.':
    'Eine Schicht auf diesem Server ist beschädigt und wurde nicht eingehängt.',
  'A simulated container cannot be downloaded as an archive.':
    'Ein simulierter Container kann nicht als Archiv heruntergeladen werden.',
  'A value has more than one line.': 'Ein Wert hat mehr als eine Zeile.',
  'Another order for this container came first.': 'Ein anderer Auftrag für diesen Container kam zuerst.',
  'Another piece of it is coming in.': 'Ein anderes Stück davon kommt gerade an.',
  'Another worker has taken this operation over.': 'Ein anderer Worker hat diesen Vorgang übernommen.',
  'Ssh keys that were removed would log in again with these files. Nothing was changed; take single files from them.':
    'SSH-Schlüssel, die entfernt wurden, würden sich mit diesen Dateien wieder anmelden. Es wurde nichts geändert; holen Sie einzelne Dateien daraus.',
  'connection lost': 'Verbindung verloren',
  'Copying the disk took longer than writes may stand still.':
    'Das Kopieren der Platte dauerte länger, als das Schreiben ruhen darf.',
  'Finish the repair, and begin again.': 'Beenden Sie die Reparatur und beginnen Sie von vorn.',
  'Free some space on that disk, and ask again.':
    'Schaffen Sie Platz auf dieser Platte und versuchen Sie es noch einmal.',
  'In this repair the files can be read, not changed.': 'In dieser Reparatur kann man die Dateien lesen, nicht ändern.',
  'Install it: apt-get install {name}': 'Installieren Sie es: apt-get install {name}',
  'It could not be run.': 'Er ließ sich nicht ausführen.',
  'It was not noted when these files were put aside.':
    'Es ist nicht vermerkt, wann diese Dateien beiseitegelegt wurden.',
  'It was stopped while it was starting.': 'Er wurde beim Starten gestoppt.',
  'More came than was announced.': 'Es kam mehr als angekündigt.',
  'More is stored on the disk than the new size can hold.': 'Auf der Platte liegt mehr, als in die neue Größe passt.',
  'More memory is in use than the new limit allows.':
    'Es ist mehr Arbeitsspeicher in Gebrauch, als die neue Grenze erlaubt.',
  'Mount the pool (ext4 or XFS) with the option prjquota, or use the image driver.':
    'Hängen Sie den Pool (ext4 oder XFS) mit der Option prjquota ein, oder verwenden Sie den Treiber „image“.',
  'No address is free on this server.': 'Auf diesem Server ist keine Adresse frei.',
  'No backup is named.': 'Es ist keine Sicherung genannt.',
  'no longer allowed': 'nicht mehr erlaubt',
  'Only a backup can be compared.': 'Nur eine Sicherung kann verglichen werden.',
  'Only root of this host may ask.': 'Das darf nur root dieses Servers fragen.',
  'Port {port}/{protocol} of the server is in use already.': 'Port {port}/{protocol} des Servers wird schon benutzt.',
  'Ports of the server that can be forwarded are {first} to {last}.':
    'Weitergeleitet werden können die Ports {first} bis {last} des Servers.',
  'Remove the layer and fetch it again from a backup location, or build the template again.':
    'Entfernen Sie die Schicht und holen Sie sie wieder von einem Sicherungsort, oder bauen Sie die Vorlage neu.',
  'signed out': 'abgemeldet',
  'Something unknown is mounted where the root file system belongs.':
    'Wo das Wurzeldateisystem hingehört, ist etwas Unbekanntes eingehängt.',
  'Stop the container first, or move the pool to XFS or btrfs.':
    'Stoppen Sie zuerst den Container, oder legen Sie den Pool auf XFS oder btrfs.',
  'That was announced with another size.': 'Das war mit einer anderen Größe angekündigt.',
  'The agent does not know this action.': 'Der Agent kennt diese Aktion nicht.',
  'the agent is being restarted': 'der Agent wird neu gestartet',
  'The agent is being restarted; ask again.': 'Der Agent wird neu gestartet; versuchen Sie es noch einmal.',
  'The agent was stopped before this took effect. It can be asked for again.':
    'Der Agent wurde angehalten, bevor das wirkte. Sie können es noch einmal verlangen.',
  'The archive has not come in full.': 'Das Archiv ist nicht vollständig angekommen.',
  'The archive is not on the server any more.': 'Das Archiv ist nicht mehr auf dem Server.',
  'The call is not framed.': 'Der Aufruf hat keinen Rahmen.',
  'The certificate request is not signed by its own key.':
    'Der Zertifikatsantrag ist nicht mit seinem eigenen Schlüssel unterschrieben.',
  'The command before the backup could not be run, so nothing was backed up.':
    'Der Befehl vor der Sicherung ließ sich nicht ausführen, deshalb wurde nichts gesichert.',
  'The command before the backup could not be run, so nothing was backed up. It printed: {output}':
    'Der Befehl vor der Sicherung ließ sich nicht ausführen, deshalb wurde nichts gesichert. Er gab aus: {output}',
  'The command before the backup did not end in time, so nothing was backed up.':
    'Der Befehl vor der Sicherung wurde nicht rechtzeitig fertig, deshalb wurde nichts gesichert.',
  'The command before the backup did not end in time, so nothing was backed up. It printed: {output}':
    'Der Befehl vor der Sicherung wurde nicht rechtzeitig fertig, deshalb wurde nichts gesichert. Er gab aus: {output}',
  'The command before the backup ended with exit code {code}, so nothing was backed up.':
    'Der Befehl vor der Sicherung endete mit Code {code}, deshalb wurde nichts gesichert.',
  'The command before the backup ended with exit code {code}, so nothing was backed up. It printed: {output}':
    'Der Befehl vor der Sicherung endete mit Code {code}, deshalb wurde nichts gesichert. Er gab aus: {output}',
  'The container could not be started; it is stopped.': 'Der Container konnte nicht gestartet werden; er ist gestoppt.',
  'The container does not end, even though it was killed.':
    'Der Container endet nicht, obwohl er sofort beendet werden sollte.',
  'The container does not run.': 'Der Container läuft nicht.',
  'The container ended as soon as it was started.': 'Der Container endete gleich nach dem Start.',
  'The container has moved on since this was decided.':
    'Der Container ist nicht mehr auf dem Stand, auf dem das entschieden wurde.',
  'The container has no such snapshot.': 'Der Container hat keinen solchen Snapshot.',
  'The container has no such volume.': 'Der Container hat kein solches Volume.',
  'The container is busy. Try again in a moment.':
    'Der Container ist beschäftigt. Versuchen Sie es gleich noch einmal.',
  'The container is in repair.': 'Der Container ist in Reparatur.',
  'The container is not running.': 'Der Container läuft nicht.',
  'The container is running.': 'Der Container läuft.',
  'The container is using this volume.': 'Der Container benutzt dieses Volume.',
  'The container was deleted.': 'Der Container wurde gelöscht.',
  'The content was cut off.': 'Der Inhalt brach ab.',
  'The copy could not be given an identity of its own.': 'Die Kopie konnte keine eigene Identität bekommen.',
  'The disk is already in use as a root file system.': 'Die Platte wird schon als Wurzeldateisystem benutzt.',
  'The disk is still in use.': 'Die Platte wird noch benutzt.',
  "The disk with the server's own records is full; nothing was changed.":
    'Die Platte mit den eigenen Aufzeichnungen des Servers ist voll; nichts wurde geändert.',
  'The exported file is not there any more.': 'Die exportierte Datei ist nicht mehr da.',
  'The file became larger than there is room for.': 'Die Datei wurde größer, als Platz ist.',
  'The file is not that long.': 'So lang ist die Datei nicht.',
  'The files could not be reached.': 'Die Dateien waren nicht zu erreichen.',
  'The host does not hold this layer.': 'Dem Server fehlt diese Schicht.',
  'the host ended it': 'vom Server beendet',
  'The host has newer grant keys.': 'Der Server hat neuere Schlüssel.',
  'The interface has no such address.': 'Die Schnittstelle hat keine solche Adresse.',
  'The package {name} is not installed on the host.': 'Das Paket {name} ist auf dem Server nicht installiert.',
  'The piece is not framed.': 'Das Stück hat keinen Rahmen.',
  'The pool cannot copy the disk of a running container: its file system has no reflinks.':
    'Der Pool kann die Platte eines laufenden Containers nicht kopieren: sein Dateisystem hat keine Reflinks.',
  'The rescue system could not be started; the container is as it was.':
    'Das Rettungssystem konnte nicht gestartet werden; der Container ist wie vorher.',
  'The rescue system does not run.': 'Das Rettungssystem läuft nicht.',
  'The root file system is still in use.': 'Das Wurzeldateisystem wird noch benutzt.',
  'The server could not carry this out. Its log has the reason under {id}.':
    'Der Server konnte das nicht ausführen. Sein Protokoll nennt den Grund unter {id}.',
  'The server could not do this with the files.': 'Der Server konnte das mit den Dateien nicht tun.',
  'The server does not answer.': 'Der Server antwortet nicht.',
  'The server does not have this container.': 'Der Server hat diesen Container nicht.',
  'The server does not hold a layer of this template.': 'Dem Server fehlt eine Schicht dieser Vorlage.',
  'The server does not know this.': 'Das kennt der Server nicht.',
  'The server gave an answer that makes no sense.': 'Der Server gab eine Antwort, die keinen Sinn ergibt.',
  'The server has no free address for a container.': 'Der Server hat keine freie Adresse für einen Container.',
  'The server has no room for another archive now. Exported ones go after a day.':
    'Der Server hat gerade keinen Platz für ein weiteres Archiv. Exportierte verschwinden nach einem Tag.',
  'The server has no such archive.': 'Auf dem Server gibt es dieses Archiv nicht.',
  'The server has not enough free storage for this.': 'Der Server hat dafür nicht genug freien Speicherplatz.',
  'The server has not kept the address it had.': 'Der Server hat die bisherige Adresse nicht aufgehoben.',
  'The server has this container already.': 'Der Server hat diesen Container schon.',
  'The server runs a version too far from that of the panel.':
    'Die Version auf dem Server ist zu weit von der des Panels entfernt.',
  'The server stopped answering.': 'Der Server antwortet nicht mehr.',
  'The server stopped answering; the command may have run.':
    'Der Server antwortet nicht mehr; der Befehl kann gelaufen sein.',
  'the session has ended': 'die Sitzung ist beendet',
  'The session’s id is not an id.': 'Die Kennung der Sitzung ist keine Kennung.',
  'The storage pool of the server has no working project quotas.':
    'Der Speicherpool des Servers hat keine funktionierenden Projektkontingente.',
  'The storage pool of the server is almost full.': 'Der Speicherpool des Servers ist fast voll.',
  'The system in the container did not accept the change.':
    'Das System im Container hat die Änderung nicht angenommen.',
  'There is no such snapshot.': 'Einen solchen Snapshot gibt es nicht.',
  'There is no such template definition.': 'Eine solche Definition einer Vorlage gibt es nicht.',
  'There is no such volume.': 'Ein solches Volume gibt es nicht.',
  'There is no template definition “{name}”.': 'Es gibt keine Definition einer Vorlage „{name}“.',
  'These are no grant keys of our authority.': 'Das sind keine Schlüssel unserer Stelle.',
  'These files are not kept.': 'Diese Dateien sind nicht aufgehoben.',
  'This action id was used for another order.': 'Diese Kennung einer Aktion wurde für einen anderen Auftrag benutzt.',
  'This archive exists already.': 'Dieses Archiv gibt es schon.',
  'This command was run before; its result is no longer kept.':
    'Dieser Befehl lief schon; sein Ergebnis ist nicht mehr aufgehoben.',
  'This id was used for another command.': 'Diese Kennung wurde für einen anderen Befehl benutzt.',
  'This is no certificate for this host.': 'Das ist kein Zertifikat für diesen Server.',
  'This is no certificate request with a P-256 key.': 'Das ist kein Zertifikatsantrag mit einem P-256-Schlüssel.',
  'This is no head of the audit record, signed by our authority.':
    'Das ist kein von unserer Stelle unterschriebener Stand des Protokolls.',
  'This snapshot exists already.': 'Diesen Snapshot gibt es schon.',
  'This volume cannot take the place of the present one.':
    'Dieses Volume kann nicht an die Stelle des jetzigen treten.',
  'This volume exists already.': 'Dieses Volume gibt es schon.',
  'Too many commands run there already.': 'Dort laufen schon zu viele Befehle.',
  'Too many consoles are open; close one first.': 'Es sind zu viele Konsolen offen; schließen Sie zuerst eine.',
  'Too much is being done with files there already. Try again in a moment.':
    'Dort geschieht schon zu viel mit Dateien. Versuchen Sie es gleich noch einmal.',
  'Users and passwords could not be carried over.': 'Benutzer und Passwörter konnten nicht übernommen werden.',
  'What the archive says of itself cannot be.': 'Was das Archiv von sich sagt, kann nicht sein.',
  '{verb} concerns one container at one generation.': '{verb} betrifft einen Container in einer Generation.',
  '{verb} concerns the host.': '{verb} betrifft den Server.',
} as const satisfies Record<string, string>;
