/** Files, and archives that are read. See all.ts. */
export const archives = {
  'A container needs systemd, busybox init or sysvinit as /sbin/init.':
    'Ein Container braucht systemd, busybox init oder sysvinit als /sbin/init.',
  'A folder cannot go into itself.': 'Ein Ordner kann nicht in sich selbst.',
  'a group is negative': 'eine Gruppe ist negativ',
  'a group is not a number': 'eine Gruppe ist keine Zahl',
  'a group is too large': 'eine Gruppe ist zu groß',
  'a mode is negative': 'ein Modus ist negativ',
  'a mode is not a number': 'ein Modus ist keine Zahl',
  'a mode is too large': 'ein Modus ist zu groß',
  'A part of the path is not a folder.': 'Ein Teil des Pfades ist kein Ordner.',
  'a size is negative': 'eine Größe ist negativ',
  'a size is not a number': 'eine Größe ist keine Zahl',
  'a size is too large': 'eine Größe ist zu groß',
  'a time is negative': 'eine Zeit ist negativ',
  'a time is not a number': 'eine Zeit ist keine Zahl',
  'a time is not one that can be': 'eine Zeit ist keine mögliche',
  'a time is too large': 'eine Zeit ist zu groß',
  'an entry has its metadata twice': 'ein Eintrag hat seine Metadaten doppelt',
  'an owner is negative': 'ein Besitzer ist negativ',
  'an owner is not a number': 'ein Besitzer ist keine Zahl',
  'an owner is too large': 'ein Besitzer ist zu groß',
  'At most {n} archives may be on their way at a time.': 'Höchstens {n} Archive dürfen gleichzeitig unterwegs sein.',
  'Finish one of them or give it up; what nobody goes on with is forgotten after a day.':
    'Schließen Sie eines davon ab oder geben Sie es auf; was niemand fortsetzt, wird nach einem Tag vergessen.',
  'A container is being made of it.': 'Daraus wird gerade ein Container gemacht.',
  'The archive was given up.': 'Das Archiv wurde aufgegeben.',
  'Go on with the upload.': 'Setzen Sie das Hochladen fort.',
  'it ends within an entry': 'es endet mitten in einem Eintrag',
  'its metadata cannot be read': 'seine Metadaten sind nicht lesbar',
  'Neither has that.': 'Keiner von beiden Ständen hat das.',
  'Neither has {path}.': 'Keiner von beiden Ständen hat {path}.',
  'Nobody knows where it was.': 'Niemand weiß, wo es war.',
  'None of your containers is on that plan.': 'Keiner Ihrer Container hat diesen Tarif.',
  'Only files have content to read.': 'Nur Dateien haben Inhalt, den man lesen kann.',
  'Say the size of the whole file.': 'Geben Sie die Größe der ganzen Datei an.',
  'something follows its end': 'nach seinem Ende kommt noch etwas',
  'That is a folder.': 'Das ist ein Ordner.',
  'That is a link which leads nowhere.': 'Das ist eine Verknüpfung, die ins Leere führt.',
  'That is no longer in the trash.': 'Das ist nicht mehr im Papierkorb.',
  'That is not a folder.': 'Das ist kein Ordner.',
  'That is too much at a time. Choose fewer folders.': 'Das ist zu viel auf einmal. Wählen Sie weniger Ordner.',
  'The archive grows beyond measure when it is unpacked.': 'Das Archiv wächst beim Entpacken ins Maßlose.',
  'The archive has an init that we do not know ({name}). A container needs systemd, busybox init or sysvinit as /sbin/init.':
    'Das Archiv hat ein Init-System, das wir nicht kennen ({name}). Ein Container braucht systemd, busybox init oder sysvinit als /sbin/init.',
  'The archive has more names and attributes than a system has.':
    'Das Archiv hat mehr Namen und Attribute, als ein System hat.',
  'The archive holds a part of an archive of several volumes.':
    'Das Archiv enthält einen Teil eines Archivs aus mehreren Bänden.',
  'The archive holds a sparse file in an old format of GNU tar; make the archive with --format=pax.':
    'Das Archiv enthält eine lückenhafte Datei in einem alten Format von GNU tar; legen Sie es mit --format=pax an.',
  'The archive holds a sparse file in an old format; make it with --sparse-version=1.0.':
    'Das Archiv enthält eine lückenhafte Datei in einem alten Format; legen Sie es mit --sparse-version=1.0 an.',
  'The archive holds an entry of the kind {kind}.': 'Das Archiv enthält einen Eintrag der Art {kind}.',
  'The archive holds an incremental dump of GNU tar.': 'Das Archiv enthält einen inkrementellen Abzug von GNU tar.',
  'The archive holds more than the disk of the plan.': 'Das Archiv enthält mehr als die Platte des Tarifs.',
  'The archive holds more than {n} things, which is what the plan allows.':
    'Das Archiv enthält mehr als {n} Dinge; so viele erlaubt der Tarif.',
  'The archive holds names in an old format of GNU tar.': 'Das Archiv enthält Namen in einem alten Format von GNU tar.',
  'The archive is damaged or cut off.': 'Das Archiv ist beschädigt oder abgeschnitten.',
  'The archive is larger than the disk of the plan "{plan}".':
    'Das Archiv ist größer als die Platte des Tarifs „{plan}“.',
  'The archive is not well-formed: {whySaid}.': 'Das Archiv ist nicht wohlgeformt: {whySaid}.',
  'The archive is used or forgotten. Send it again.':
    'Das Archiv ist verbraucht oder vergessen. Senden Sie es noch einmal.',
  'The archive says that its root is no folder.': 'Das Archiv sagt, seine Wurzel sei kein Ordner.',
  'The backup has no {path}.': 'Die Sicherung hat {path} nicht.',
  'The description in the archive cannot be read.': 'Die Beschreibung im Archiv ist nicht lesbar.',
  'The description in the archive is too long.': 'Die Beschreibung im Archiv ist zu lang.',
  'The disk of the container is full.': 'Die Platte des Containers ist voll.',
  'The export is not finished.': 'Der Export ist nicht fertig.',
  'The exported file is not kept any more.': 'Die exportierte Datei ist nicht mehr aufgehoben.',
  'The file has been changed by somebody else meanwhile.': 'Die Datei wurde inzwischen von jemand anderem geändert.',
  'The file is no longer there.': 'Die Datei ist nicht mehr da.',
  'The file system does not take that name.': 'Das Dateisystem nimmt diesen Namen nicht an.',
  'The folder is not empty.': 'Der Ordner ist nicht leer.',
  'The link {path} leads nowhere that can be.': 'Die Verknüpfung {path} führt nirgends hin, wo etwas sein kann.',
  'The links of this path go round in circles.': 'Die Verknüpfungen dieses Pfades führen im Kreis.',
  'The map of the sparse file {path} is wrong.': 'Die Karte der lückenhaften Datei {path} stimmt nicht.',
  'The path is too long.': 'Der Pfad ist zu lang.',
  'The root folder stays as it is.': 'Der oberste Ordner bleibt, wie er ist.',
  'The server has no template yet.': 'Der Server hat noch keine Vorlage.',
  'The system does not allow this, not even to root.': 'Das System erlaubt das nicht, nicht einmal root.',
  'The system does not allow this: the file may be marked as immutable.':
    'Das System erlaubt das nicht: die Datei ist vielleicht als unveränderlich markiert.',
  'The template has no such file or folder.': 'Die Vorlage hat keine solche Datei und keinen solchen Ordner.',
  'The trash itself stays.': 'Der Papierkorb selbst bleibt.',
  'There is no /sbin/init in the archive. A container needs systemd, busybox init or sysvinit as /sbin/init.':
    'Im Archiv gibt es kein /sbin/init. Ein Container braucht systemd, busybox init oder sysvinit als /sbin/init.',
  'There is no group “{name}” in this container.': 'In diesem Container gibt es keine Gruppe „{name}“.',
  'There is no such file or folder.': 'Eine solche Datei oder einen solchen Ordner gibt es nicht.',
  'There is no user “{name}” in this container.': 'In diesem Container gibt es keinen Benutzer „{name}“.',
  'There is something of that name already.': 'Etwas mit diesem Namen gibt es schon.',
  'There is too much to look through.': 'Es gibt zu viel zu durchsuchen.',
  'This cannot be changed.': 'Das lässt sich nicht ändern.',
  'This is in use.': 'Das wird gerade benutzt.',
  'This is no tar archive, or it is damaged: a checksum is wrong.':
    'Das ist kein tar-Archiv, oder es ist beschädigt: eine Prüfsumme stimmt nicht.',
  'This is {format}. Send a tar archive, plain or compressed with gzip or zstd.':
    'Das ist {format}. Senden Sie ein tar-Archiv, unverpackt oder mit gzip oder zstd gepackt.',
  'This program is running.': 'Dieses Programm läuft gerade.',
  'What /sbin/init leads to in the archive is no program. A container needs systemd, busybox init or sysvinit as /sbin/init.':
    'Wohin /sbin/init im Archiv führt, ist kein Programm. Ein Container braucht systemd, busybox init oder sysvinit als /sbin/init.',
  'What is there is not a file.': 'Was dort ist, ist keine Datei.',
  'Where the trash belongs is something else.': 'Wo der Papierkorb hingehört, ist etwas anderes.',
  '{path} belongs to {id}; a container has the ids 0 to {last}.':
    '{path} gehört {id}; ein Container hat die Kennungen 0 bis {last}.',
  '{path} claims to be larger than a file can be.': '{path} soll größer sein, als eine Datei sein kann.',
  '{path} comes twice, once as a folder and once not.': '{path} kommt zweimal vor, einmal als Ordner und einmal nicht.',
  '{path} goes through something that is a link.': '{path} führt durch etwas, das eine Verknüpfung ist.',
  '{path} goes through something that is no folder.': '{path} führt durch etwas, das kein Ordner ist.',
  '{path} is linked to {other}, which did not come before it.':
    '{path} ist mit {other} verknüpft, das nicht davor kam.',
  '{path}: its name begins at the root of another system.':
    '{path}: sein Name beginnt an der Wurzel eines anderen Systems.',
  '{path}: its name has a part longer than {n} bytes.': '{path}: sein Name hat einen Teil von mehr als {n} Bytes.',
  '{path}: its name holds a byte that no name can hold.':
    '{path}: sein Name enthält ein Byte, das kein Name enthalten kann.',
  '{path}: its name is empty.': '{path}: sein Name ist leer.',
  '{path}: its name is longer than {n} bytes.': '{path}: sein Name ist länger als {n} Bytes.',
  '{path}: its name is more than {n} folders deep.': '{path}: sein Name ist mehr als {n} Ordner tief.',
  '{path}: its name leads out of where it lies (..).': '{path}: sein Name führt aus seinem Ort hinaus (..).',
  '{path}: its name lies outside of the exported tree.': '{path}: sein Name liegt außerhalb des exportierten Baums.',
  '{path}: the name it is linked to begins at the root of another system.':
    '{path}: der verknüpfte Name beginnt an der Wurzel eines anderen Systems.',
  '{path}: the name it is linked to has a part longer than {n} bytes.':
    '{path}: der verknüpfte Name hat einen Teil von mehr als {n} Bytes.',
  '{path}: the name it is linked to holds a byte that no name can hold.':
    '{path}: der verknüpfte Name enthält ein Byte, das kein Name enthalten kann.',
  '{path}: the name it is linked to is empty.': '{path}: der verknüpfte Name ist leer.',
  '{path}: the name it is linked to is longer than {n} bytes.': '{path}: der verknüpfte Name ist länger als {n} Bytes.',
  '{path}: the name it is linked to is more than {n} folders deep.':
    '{path}: der verknüpfte Name ist mehr als {n} Ordner tief.',
  '{path}: the name it is linked to leads out of where it lies (..).':
    '{path}: der verknüpfte Name führt aus seinem Ort hinaus (..).',
  '{path}: the name it is linked to lies outside of the exported tree.':
    '{path}: der verknüpfte Name liegt außerhalb des exportierten Baums.',
  '… it says that {path}, which is no file, has content': '… es sagt, {path} habe Inhalt, ist aber keine Datei',
  '… it says that {path}, which is no file, is sparse': '… es sagt, {path} habe Lücken, ist aber keine Datei',
  '… it says {field} of everything that follows': '… es sagt {field} von allem, was folgt',
  '… its {field} is not a number that can be': '… {field} ist keine mögliche Zahl',
} as const satisfies Record<string, string>;
