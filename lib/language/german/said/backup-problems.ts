/** Backups and where they lie. See all.ts. */
export const backupProblems = {
  'A bucket needs an access key.': 'Ein Bucket braucht einen Zugangsschlüssel.',
  'A directory of the server needs no credentials, and the server deletes there.':
    'Ein Verzeichnis des Servers braucht keine Zugangsdaten, und der Server löscht dort.',
  "A key file of the backup location's repository is damaged.":
    'Eine Schlüsseldatei der Ablage am Sicherungsort ist beschädigt.',
  "A plan's backups go to a location of the provider's.": 'Sicherungen eines Tarifs gehen an einen Ort des Anbieters.',
  'A restore or a test is reading it.': 'Eine Wiederherstellung oder ein Test liest sie gerade.',
  'A template layer was damaged on its way to the backup location.':
    'Eine Schicht der Vorlage wurde auf dem Weg zum Sicherungsort beschädigt.',
  'An account has at most {n} places of its own for backups.': 'Ein Konto hat höchstens {n} eigene Sicherungsorte.',
  "An owner of the backup's tenant gives the consent, for this one container.":
    'Ein Inhaber des Kunden, dem die Sicherung gehört, gibt die Einwilligung, für diesen einen Container.',
  'Another backup is being made; how much it adds is not known yet.':
    'Eine andere Sicherung läuft gerade; wie viel sie ausmacht, ist noch nicht bekannt.',
  'Another server is making the repository at the backup location.':
    'Ein anderer Server legt die Ablage am Sicherungsort gerade an.',
  'Backups of "{name}" go there.': 'Sicherungen von „{name}“ gehen dorthin.',
  'Backups of this container cannot go there.': 'Sicherungen dieses Containers können nicht dorthin.',
  'Backups of two containers cannot be compared.': 'Sicherungen zweier Container lassen sich nicht vergleichen.',
  'Before rolling back': 'Vor dem Zurücksetzen',
  'Before rolling back to “{name}”': 'Vor dem Zurücksetzen auf „{name}“',
  'Before system files were put back': 'Bevor Systemdateien zurückgeholt wurden',
  'Choose another for it first.': 'Wählen Sie dafür zuerst einen anderen.',
  "Choose one of the tenant's own, or none: then the plan says where.":
    'Wählen Sie einen des Kunden selbst, oder keinen: dann bestimmt der Tarif, wohin.',
  'Remove a place that holds no backup.': 'Entfernen Sie einen Ort, an dem keine Sicherung liegt.',
  day: 'Tag',
  'Keep fewer of each.': 'Behalten Sie von jeder Art weniger.',
  'Delete an older backup first, or let the oldest one make room.':
    'Löschen Sie zuerst eine ältere Sicherung, oder lassen Sie die älteste Platz machen.',
  'Delete it first.': 'Löschen Sie sie zuerst.',
  'Delete them first, or wait until what is deleted has been pruned there.':
    'Löschen Sie sie zuerst, oder warten Sie, bis Gelöschtes dort aufgeräumt ist.',
  hour: 'Stunde',
  'It cannot be fetched whole from its location.': 'Sie lässt sich nicht ganz von ihrem Ort holen.',
  'It could not be taken back.': 'Es konnte nicht zurückgenommen werden.',
  'It did not come up.': 'Sie kam nicht hoch.',
  'It has been used.': 'Sie wurde schon benutzt.',
  'It is being made.': 'Es entsteht gerade.',
  'It is deleted already.': 'Sie ist schon gelöscht.',
  'It is deleted, and waits at its location for a maintenance run.':
    'Sie ist gelöscht und wartet an ihrem Ort auf eine Wartung.',
  'It is not among the deleted ones that can be had back.':
    'Sie ist nicht unter den gelöschten, die sich zurückholen lassen.',
  'It is protected.': 'Sie ist geschützt.',
  'It is the default location.': 'Das ist der Standardort.',
  'It is the provider’s.': 'Er gehört dem Anbieter.',
  'It was not tested yet.': 'Sie wurde noch nicht getestet.',
  'Its init cannot be started.': 'Ihr Init-System lässt sich nicht starten.',
  'Its init ended by itself.': 'Ihr Init-System endete von selbst.',
  'Its init was not done in time.': 'Ihr Init-System wurde nicht rechtzeitig fertig.',
  'Letting the oldest one go would not free enough.': 'Die älteste aufzugeben, würde nicht genug Platz schaffen.',
  month: 'Monat',
  'Mount it and try again.': 'Hängen Sie sie ein und versuchen Sie es noch einmal.',
  'No command was run around it.': 'Davor und danach lief kein Befehl.',
  'No unprotected backup is left to make room.': 'Es gibt keine ungeschützte Sicherung mehr, die Platz machen könnte.',
  'Only a complete backup can be looked into.': 'Nur in eine vollständige Sicherung kann man hineinsehen.',
  'Only a complete backup can be restored.': 'Nur eine vollständige Sicherung kann wiederhergestellt werden.',
  'Only a complete backup can be tested.': 'Nur eine vollständige Sicherung kann getestet werden.',
  'Some files could not be read.': 'Einige Dateien konnten nicht gelesen werden.',
  'Take the protection off first.': 'Heben Sie zuerst den Schutz auf.',
  'The backup could not be opened.': 'Die Sicherung konnte nicht geöffnet werden.',
  'The backup is being opened.': 'Die Sicherung wird gerade geöffnet.',
  'The backup is damaged at its location.': 'Die Sicherung ist an ihrem Ort beschädigt.',
  'The backup is gone.': 'Die Sicherung gibt es nicht mehr.',
  'The backup is not at its location any more.': 'Die Sicherung ist nicht mehr an ihrem Ort.',
  'The backup is not open.': 'Die Sicherung ist nicht geöffnet.',
  'The backup is not there any more.': 'Die Sicherung ist nicht mehr da.',
  'The backup is not what it was when this was asked for.':
    'Die Sicherung ist nicht mehr, was sie war, als das verlangt wurde.',
  'The backup location answered {status}.': 'Der Sicherungsort antwortete {status}.',
  'The backup location cannot be read.': 'Der Sicherungsort lässt sich nicht lesen.',
  'The backup location cannot be used: it does not lie in the directory this server keeps backups in.':
    'Der Sicherungsort ist nicht benutzbar: er liegt nicht in dem Verzeichnis, in dem dieser Server Sicherungen aufhebt.',
  'The backup location cannot be used: its path is not in plain form.':
    'Der Sicherungsort ist nicht benutzbar: sein Pfad ist nicht einfach geschrieben.',
  'The backup location cannot be used: part of its path is not a directory.':
    'Der Sicherungsort ist nicht benutzbar: ein Teil seines Pfades ist kein Verzeichnis.',
  'The backup location does not answer as it should.': 'Der Sicherungsort antwortet nicht, wie er soll.',
  'The backup location does not answer.': 'Der Sicherungsort antwortet nicht.',
  'The backup location does not hold a layer.': 'Am Sicherungsort fehlt eine Schicht.',
  'The backup location has not answered since {at} UTC.': 'Der Sicherungsort antwortet seit {at} UTC nicht mehr.',
  "The backup location has lost the tenant's repository.": 'Am Sicherungsort ist die Ablage des Kunden verloren.',
  'The backup location has no such place.': 'Am Sicherungsort gibt es diesen Platz nicht.',
  'The backup location is not one this server may use.': 'Diesen Sicherungsort darf der Server nicht benutzen.',
  'The backup location is not there: its directory is another than it was. Its disk may not be mounted.':
    'Der Sicherungsort ist nicht da: sein Verzeichnis ist ein anderes als vorher. Vielleicht ist seine Platte nicht eingehängt.',
  'The backup location lacks a template layer, or has it damaged.':
    'Am Sicherungsort fehlt eine Schicht der Vorlage oder ist beschädigt.',
  'The backup location points elsewhere, which is not followed.':
    'Der Sicherungsort verweist anderswohin; dem wird nicht gefolgt.',
  'The backup location refused what this server may do there.':
    'Der Sicherungsort hat abgelehnt, was dieser Server dort tun darf.',
  "The backup location's address is not one that servers here connect to.":
    'Mit der Adresse des Sicherungsorts verbinden sich die Server hier nicht.',
  "The backup location's repository has another password.": 'Die Ablage am Sicherungsort hat ein anderes Passwort.',
  "The backup location's repository is damaged.": 'Die Ablage am Sicherungsort ist beschädigt.',
  'The backups take {used} MB; the plan "{plan}" allows {most} MB.':
    'Die Sicherungen belegen {used} MB; der Tarif „{plan}“ erlaubt {most} MB.',
  'The bucket lists without end.': 'Die Liste des Buckets nimmt kein Ende.',
  'The container is being rolled back to it.': 'Der Container wird gerade darauf zurückgesetzt.',
  'The container is of the same tenant, whose own business this is.':
    'Der Container gehört demselben Kunden, dessen eigene Sache das ist.',
  'The copy of a layer does not have the content its digest names.':
    'Die Kopie einer Schicht hat nicht den Inhalt, den ihre Prüfsumme nennt.',
  'The first after it was taken over.': 'Die erste, nachdem er übernommen wurde.',
  'The location does not hold every layer.': 'An dem Ort fehlt eine Schicht.',
  'The location does not hold this layer.': 'An dem Ort fehlt diese Schicht.',
  'The location has no such backup.': 'An dem Ort gibt es diese Sicherung nicht.',
  'The location is gone.': 'Den Ort gibt es nicht mehr.',
  'The plan "{plan}" allows one scheduled backup a {spanSaid}.':
    'Der Tarif „{plan}“ erlaubt eine Sicherung nach Zeitplan je {spanSaid}.',
  'The plan "{plan}" allows {n} backups.':
    'Der Tarif „{plan}“ erlaubt {n, plural, one {eine Sicherung} other {# Sicherungen}}.',
  'The plan "{plan}" has no scheduled backups.': 'Der Tarif „{plan}“ hat keine Sicherungen nach Zeitplan.',
  'The plan keeps deleted backups for {n} days.':
    'Der Tarif hebt gelöschte Sicherungen {n, plural, one {einen Tag} other {# Tage}} auf.',
  'The probe did not end in time.': 'Die Probe wurde nicht rechtzeitig fertig.',
  'The probe ended with exit code {code}.': 'Die Probe endete mit Code {code}.',
  'The repository does not open with this password.': 'Die Ablage lässt sich mit diesem Passwort nicht öffnen.',
  'The repository is gone.': 'Die Ablage gibt es nicht mehr.',
  'The server could not open the backup.': 'Der Server konnte die Sicherung nicht öffnen.',
  'The server does not hold a layer of this backup.': 'Dem Server fehlt eine Schicht dieser Sicherung.',
  'The server has not enough free storage for a layer of this backup.':
    'Der Server hat nicht genug freien Speicherplatz für eine Schicht dieser Sicherung.',
  'The snapshot is being made or deleted.': 'Der Snapshot wird gerade angelegt oder gelöscht.',
  'The snapshot is not one of a container.': 'Der Snapshot ist keiner von einem Container.',
  'the system files of its template': 'die Systemdateien ihrer Vorlage',
  'The tenant has not consented to this backup being restored there.':
    'Der Kunde hat nicht eingewilligt, dass diese Sicherung dort wiederhergestellt wird.',
  'There are {n} backups in it.': 'Darin {n, plural, one {liegt eine Sicherung} other {liegen # Sicherungen}}.',
  'There is a location of this name.': 'Einen Ort dieses Namens gibt es schon.',
  'There is no backup location.': 'Es gibt keinen Sicherungsort.',
  'There is no backup to check.': 'Es gibt keine Sicherung zu prüfen.',
  'This keeps up to {n} backups; the plan "{plan}" allows {most}.':
    'Damit {n, plural, one {bleibt bis zu eine Sicherung} other {bleiben bis zu # Sicherungen}}; der Tarif „{plan}“ erlaubt {most}.',
  'This server': 'Dieser Server',
  'Too many backups are being looked into on this server. Try again in a moment.':
    'Auf diesem Server sind gerade zu viele Sicherungen geöffnet. Versuchen Sie es gleich noch einmal.',
  'Try again in a moment.': 'Versuchen Sie es gleich noch einmal.',
  week: 'Woche',
  'The files could not be put back.': 'Die Dateien konnten nicht zurückgelegt werden.',
  'Every backup of it that can be reached is damaged.': 'Jede erreichbare Sicherung davon ist beschädigt.',
  'Name one (backupId) to try it all the same.': 'Nennen Sie eine (backupId), um es trotzdem zu versuchen.',
  'None of its backups can be reached: they lie in a directory of {serversSaid}.':
    'Keine seiner Sicherungen ist erreichbar: Sie liegen in einem Verzeichnis von {serversSaid}.',
  'Wait for that server. If its directory is a disk that other servers have too, name one of the backups (backupId) to try it.':
    'Warten Sie auf diesen Server. Ist sein Verzeichnis eine Platte, die auch andere Server haben, nennen Sie eine der Sicherungen (backupId), um es zu versuchen.',
  'Name one that its plan offers (templateId).': 'Nennen Sie eine, die sein Tarif anbietet (templateId).',
  'That backup lies in a directory of {server}; there it gets another address.':
    'Diese Sicherung liegt in einem Verzeichnis von {server}; dort bekommt er eine andere Adresse.',
  'It was not noted when these files were put back.':
    'Es wurde nicht festgehalten, wann diese Dateien zurückgelegt wurden.',
  'It was imported and has no template: there is nothing to make a rescue system of. Restore a backup, roll back to a snapshot, or reinstall it from a template.':
    'Er wurde importiert und hat keine Vorlage: Es gibt nichts, woraus ein Rettungssystem entstehen könnte. Stellen Sie eine Sicherung wieder her, setzen Sie auf einen Snapshot zurück, oder installieren Sie ihn aus einer Vorlage neu.',
  'It was imported and has no template: there is nothing to compare its files with, or to put back. Restore files of a backup, or reinstall it from a template.':
    'Er wurde importiert und hat keine Vorlage: Es gibt nichts, womit sich seine Dateien vergleichen ließen, und nichts zurückzulegen. Stellen Sie Dateien aus einer Sicherung wieder her, oder installieren Sie ihn aus einer Vorlage neu.',
  '… {server}, which is lost': '… {server}, der verloren ist',
  '… {server}, which cannot be used now': '… {server}, der jetzt nicht benutzt werden kann',
} as const satisfies Record<string, string>;
