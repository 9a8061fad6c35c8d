/** The reference of the interface: what each address does. See all.ts. */
export const reference = {
  'A custom role, and who has it': 'Eine eigene Rolle und wer sie hat',
  'A link that signs in a service’s owner, once, within a minute':
    'Ein Link, der den Inhaber eines Dienstes einmal, binnen einer Minute, anmeldet',
  'A picture of the brand under whose name it is asked for':
    'Ein Bild der Marke, unter deren Namen danach gefragt wird',
  'A piece of an archive, from an offset on; the answer says where to go on':
    'Ein Stück eines Archivs, ab einer Stelle; die Antwort sagt, wo es weitergeht',
  'A program asks to be let in; the person types its code at /device':
    'Ein Programm bittet um Einlass; die Person tippt seinen Code unter /device ein',
  'A provider says that somebody has signed out there (OpenID Connect back-channel logout)':
    'Ein Anmeldedienst sagt, dass sich dort jemand abgemeldet hat (OpenID Connect back-channel logout)',
  'A reseller’s brand, its names, and where the provider would still show':
    'Die Marke eines Resellers, ihre Namen, und wo der Anbieter noch zu sehen wäre',
  'A single-use token with which one host may join, good for an hour':
    'Ein Token für einmal, mit dem ein Server hinzukommen darf, eine Stunde gültig',
  'Add a place where backups go': 'Einen Sicherungsort hinzufügen',
  'Add a provider; its client secret can be written and never read':
    'Einen Anmeldedienst hinzufügen; sein Client-Geheimnis kann man schreiben und nie lesen',
  'All that a search of the record finds, as lines of JSON or as CSV':
    'Alles, was eine Suche im Protokoll findet, als Zeilen in JSON oder als CSV',
  'An agent joins with its token': 'Ein Agent kommt mit seinem Token hinzu',
  'An attached file, as a download': 'Eine angehängte Datei zum Herunterladen',
  'An ETag you have: 304 without content if it is still so.':
    'Ein ETag, das Sie haben: 304 ohne Inhalt, wenn es noch so ist.',
  'Another container of the tenant with the same files and an identity of its own':
    'Ein weiterer Container des Kunden mit denselben Dateien und einer eigenen Identität',
  'Approve the emergency access that another asked for': 'Den Notfallzugriff genehmigen, um den ein anderer bat',
  'Archives on their way, newest first: uploads that may go on, and such of which no container was made yet':
    'Archive, die unterwegs sind, das neueste zuerst: Uploads, die weitergehen können, und solche, aus denen noch kein Container geworden ist',
  'Ask for a reset link by mail; always answers the same':
    'Per Mail einen Link zum Zurücksetzen verlangen; antwortet immer gleich',
  'Ask for help or for something; how the container stands is kept with it':
    'Um Hilfe oder um etwas bitten; wie der Container steht, wird dabei festgehalten',
  'Ask it to stop and undo itself': 'Ihn bitten, anzuhalten und sich zurückzunehmen',
  'Ask the people of the account for a second factor, or no longer':
    'Von den Personen des Kontos einen zweiten Faktor verlangen, oder nicht mehr',
  'Ask the tenant for leave to look inside the container': 'Den Kunden um Erlaubnis bitten, in den Container zu sehen',
  'Attach a file of at most 5 MB': 'Eine Datei von höchstens 5 MB anhängen',
  'Back up, also while it runs': 'Sichern, auch im Betrieb',
  'Backups of a container, newest first': 'Sicherungen eines Containers, neueste zuerst',
  'Backups of all containers, newest first': 'Sicherungen aller Container, neueste zuerst',
  'More time for the repair, counted from now or on top of what is left':
    'Mehr Zeit für die Reparatur, ab jetzt gezählt oder zu dem hinzu, was übrig ist',
  'Give an archive up: its place and what has come of it are free again':
    'Ein Archiv aufgeben: sein Platz und was davon angekommen ist, sind wieder frei',
  'Take back what one asked for oneself, or end one’s own access before its time':
    'Zurücknehmen, worum man selbst gebeten hat, oder den eigenen Zugriff vor der Zeit beenden',
  'base64 of the absolute path': 'base64 des absoluten Pfades',
  'before then: a day, or an instant': 'davor: ein Tag oder ein Zeitpunkt',
  'Begin to sign in by a provider: where the browser is to go':
    'Eine Anmeldung über einen Anmeldedienst beginnen: wohin der Browser gehen soll',
  'Begin with an authenticator app; its secret is told in this answer alone':
    'Mit einer Authenticator-App beginnen; nur diese Antwort nennt ihr Geheimnis',
  'Boot a rescue system in its place, its files at /repair; the password for it is told in this answer alone':
    'An seiner Stelle ein Rettungssystem starten, seine Dateien unter /repair; nur diese Antwort nennt das Passwort dazu',
  'Build a template on a host': 'Eine Vorlage auf einem Server bauen',
  'Withdraw a template, so that nothing new is made from it, or offer it again':
    'Eine Vorlage zurückziehen, sodass nichts Neues daraus entsteht, oder wieder anbieten',
  'Built-in roles, and custom ones': 'Eingebaute Rollen und eigene',
  'By whom one can sign in under this name': 'Über wen man sich unter diesem Namen anmelden kann',
  'By whom one signs in, and could': 'Über wen man sich anmeldet und anmelden könnte',
  'Change a plan’s name and price, and whether it is offered':
    'Name und Preis eines Tarifs ändern, und ob er angeboten wird',
  'Change how backups are kept': 'Ändern, wie Sicherungen aufgehoben werden',
  'Change its name, what one signs in with, or whether hosts can delete there':
    'Seinen Namen ändern, womit man sich anmeldet, oder ob Server dort löschen können',
  'Change the own password; ends all other sessions': 'Das eigene Passwort ändern; beendet alle anderen Sitzungen',
  'Choose what the panel and its mails are read in': 'Wählen, in welcher Sprache man Panel und Mails liest',
  'Choose which templates a reseller’s tenants may have':
    'Wählen, welche Vorlagen die Kunden eines Resellers haben dürfen',
  'Claim a host name; the answer says how it is proven':
    'Einen Hostnamen beanspruchen; die Antwort sagt, wie er nachzuweisen ist',
  'Compute the chain of the record anew, and compare it with what the hosts keep':
    'Die Kette des Protokolls neu berechnen und mit dem vergleichen, was die Server aufheben',
  'Confirm it by a code: from then on sign-ins ask for one; all other sessions end':
    'Sie mit einem Code bestätigen: ab dann verlangen Anmeldungen einen; alle anderen Sitzungen enden',
  'Connect a provider with the own account: where the browser is to go':
    'Einen Anmeldedienst mit dem eigenen Konto verbinden: wohin der Browser gehen soll',
  'Consent, as the giving account, to an offer that staff made':
    'Als abgebendes Konto einem Angebot zustimmen, das Mitarbeiter gemacht haben',
  'Containers that only their host knows': 'Container, die nur ihr Server kennt',
  'Containers, by name; with deleted=true those that can be had back':
    'Container, nach Namen; mit deleted=true die, die sich zurückholen lassen',
  'Create a container': 'Einen Container erstellen',
  'Create a plan': 'Einen Tarif anlegen',
  'Create a reseller with its quota; its owner gets a link by mail':
    'Einen Reseller mit Kontingent anlegen; sein Inhaber bekommt per Mail einen Link',
  'Create a tenant; its owner gets a link by mail': 'Einen Kunden anlegen; sein Inhaber bekommt per Mail einen Link',
  'Create, move, copy, delete, put back, change owners and permissions':
    'Anlegen, verschieben, kopieren, löschen, zurücklegen, Besitzer und Rechte ändern',
  'Decide when it is backed up by itself and what is kept': 'Festlegen, wann von selbst gesichert wird und was bleibt',
  'Decide when its backups are tested by restoring them':
    'Festlegen, wann seine Sicherungen durch Wiederherstellen getestet werden',
  'Declare an outage of servers; all whom it concerns are told':
    'Einen Ausfall von Servern melden; alle Betroffenen erfahren es',
  'Delete a backup; it can be had back for as many days as the plan says':
    'Eine Sicherung löschen; sie lässt sich so viele Tage zurückholen, wie der Tarif sagt',
  'Delete a container; it can be had back from its backups for as many days as the plan says':
    'Einen Container löschen; er lässt sich so viele Tage aus seinen Sicherungen zurückholen, wie der Tarif sagt',
  'Delete a custom role: whoever has it loses it, and who has no other is out':
    'Eine eigene Rolle löschen: wer sie hat, verliert sie, und wer keine andere hat, ist draußen',
  'Delete a deleted backup for good, before its time; asks for the password':
    'Eine gelöschte Sicherung vor ihrer Zeit endgültig löschen; fragt nach dem Passwort',
  'Delete a file or folder into the trash': 'Eine Datei oder einen Ordner in den Papierkorb löschen',
  'Delete a snapshot': 'Einen Snapshot löschen',
  'Delete a webhook with its log': 'Einen Webhook mit seinem Verlauf löschen',
  'Disconnect a provider': 'Einen Anmeldedienst trennen',
  'Do what it asks for': 'Tun, worum es bittet',
  'Download a file of a backup, or a folder as a tar archive':
    'Eine Datei einer Sicherung herunterladen, oder einen Ordner als tar-Archiv',
  'Download a file, or a folder as a tar archive': 'Eine Datei herunterladen, oder einen Ordner als tar-Archiv',
  'End a service; its files can be had back for the plan’s days':
    'Einen Dienst beenden; seine Dateien lassen sich so viele Tage zurückholen, wie der Tarif sagt',
  'End a token, and those made with it': 'Ein Token beenden, und die damit angelegten',
  'End it with a report': 'Ihn mit einem Bericht beenden',
  'End it; a word of the tenant opens it again': 'Es beenden; ein Wort des Kunden öffnet es wieder',
  'End one session': 'Eine Sitzung beenden',
  'End the repair: the rescue system goes, its own system comes back':
    'Die Reparatur beenden: das Rettungssystem geht, sein eigenes System kommt zurück',
  'Forget a passkey; needs the password': 'Einen Passkey vergessen; braucht das Passwort',
  'Forward a port of the host': 'Einen Port des Servers weiterleiten',
  'Fresh system; the present files are kept for undo':
    'Frisches System; die jetzigen Dateien sind zum Rückgängigmachen aufgehoben',
  'from then on: a day, or an instant': 'ab dann: ein Tag oder ein Zeitpunkt',
  'Give a host name up': 'Einen Hostnamen aufgeben',
  'Give it to somebody; say how urgent it is': 'Es jemandem zuteilen; sagen, wie dringend es ist',
  'Go there and come back without signing anybody in; what it said is kept in `lastTry`':
    'Dorthin und zurück gehen, ohne jemanden anzumelden; was er sagte, steht in `lastTry`',
  'Hand a reseller’s ticket on to the provider': 'Das Ticket eines Resellers an den Anbieter weiterreichen',
  'Have a deleted backup back': 'Eine gelöschte Sicherung zurückholen',
  'Have a deleted container back from a backup, under its id, name and address':
    'Einen gelöschten Container aus einer Sicherung zurückholen, unter seiner Kennung, seinem Namen und seiner Adresse',
  'Hold a container: its people can only look, and it is stopped unless told otherwise':
    'Einen Container sperren: seine Personen können nur ansehen, und er wird gestoppt, wenn nicht anders gesagt',
  'Hold all containers of a tenant, and what its people may change':
    'Alle Container eines Kunden sperren, und was seine Personen ändern dürfen',
  'Hold all files as they are now, also while it runs': 'Alle Dateien festhalten, wie sie jetzt sind, auch im Betrieb',
  'How a mail would look; nothing is sent': 'Wie eine Mail aussähe; nichts wird gesendet',
  'How backups are kept, and how much of the plan they take':
    'Wie Sicherungen aufgehoben werden und wie viel vom Tarif sie nehmen',
  'How much of an archive has come': 'Wie viel von einem Archiv angekommen ist',
  'How the place where its backups lie is read back, and what was found there':
    'Wie der Ort seiner Sicherungen zurückgelesen wird und was dort gefunden wurde',
  'Invite a person by mail, or make a service account': 'Eine Person per Mail einladen oder ein Dienstkonto anlegen',
  'Keep a passkey that the browser made': 'Einen vom Browser angelegten Passkey aufnehmen',
  'Kill at once; accepted also while something else runs':
    'Sofort beenden; auch angenommen, während etwas anderes läuft',
  'Labels in use on the containers one may see': 'Labels an den Containern, die man sehen darf',
  'Labels, over which people may be given roles': 'Labels, über die Personen Rollen bekommen können',
  'Leave one alone, or stop ignoring it; nothing happens to it on its host':
    'Einen in Ruhe lassen oder nicht mehr ignorieren; auf seinem Server geschieht ihm nichts',
  'Let a program in as oneself, or turn it away': 'Ein Programm unter eigenem Namen einlassen oder abweisen',
  'Let it be restored once into one container of another tenant':
    'Erlauben, dass sie einmal in einen Container eines anderen Kunden wiederhergestellt wird',
  'Let one of the staff look inside for a time': 'Einen der Mitarbeiter für eine Zeit hineinsehen lassen',
  'Lift a hold by its reason; with the last one what was wanted before comes back':
    'Eine Sperre nach ihrem Grund aufheben; mit der letzten kommt zurück, was vorher gewollt war',
  'Lift a hold on a tenant by its reason': 'Eine Sperre eines Kunden nach ihrem Grund aufheben',
  'Lift what suspends a service, and nothing else': 'Aufheben, was einen Dienst sperrt, und sonst nichts',
  'Live tokens of oneself or of a service account': 'Gültige Tokens von sich oder einem Dienstkonto',
  'Look for the record that proves a host name': 'Nach dem Eintrag sehen, der einen Hostnamen nachweist',
  'Make a container of an archive that has come in full':
    'Aus einem vollständig angekommenen Archiv einen Container machen',
  'Make a role with fewer rights than a built-in one': 'Eine Rolle mit weniger Rechten als eine eingebaute anlegen',
  'Make a service: its tenant, if it is the client’s first, and its container':
    'Einen Dienst anlegen: seinen Kunden, wenn es der erste ist, und seinen Container',
  'Make a token; it is told in this answer alone': 'Ein Token anlegen; nur diese Antwort nennt es',
  'Make a webhook; the answer has its secret, which is never told again':
    'Einen Webhook anlegen; die Antwort hat sein Geheimnis, das nie wieder genannt wird',
  'Make one file of it as it is at one instant, kept for a day: tar.zst of the whole system':
    'Daraus eine Datei auf dem Stand eines Augenblicks machen, einen Tag aufgehoben: tar.zst des ganzen Systems',
  'Move a service to another plan': 'Einen Dienst in einen anderen Tarif legen',
  'Move to another plan, live': 'Im Betrieb in einen anderen Tarif wechseln',
  'Name a custom role, or say anew which rights it has; it counts for whoever has it from their next request':
    'Eine eigene Rolle benennen oder ihre Rechte neu festlegen; gilt für alle, die sie haben, ab ihrer nächsten Anfrage',
  'Name, annotate or protect a backup': 'Eine Sicherung benennen, mit einer Notiz versehen oder schützen',
  'New recovery codes instead of those before': 'Neue Notfallcodes statt der bisherigen',
  'Offer a container to another account; whether anybody is reached is not told':
    'Einen Container einem anderen Konto anbieten; ob jemand erreicht wird, wird nicht gesagt',
  'Offers of containers, given and received, newest first':
    'Angebote von Containern, gegebene und erhaltene, neueste zuerst',
  'One backup': 'Eine Sicherung',
  'One host': 'Ein Server',
  'One of them': 'Eines davon',
  'One offer, with what comes along and who consented': 'Ein Angebot, mit dem, was mitkommt, und wer zugestimmt hat',
  'One operation': 'Ein Vorgang',
  'One place where backups go': 'Ein Ort, an den gesichert wird',
  'One plan': 'Ein Tarif',
  'One provider': 'Ein Anmeldedienst',
  'One reseller, with its quota and what is used of it': 'Ein Reseller, mit seinem Kontingent und dessen Nutzung',
  'One template': 'Eine Vorlage',
  'One tenant': 'Ein Kunde',
  'One ticket with its thread': 'Ein Ticket mit seinem Verlauf',
  'One webhook': 'Ein Webhook',
  'Open an upload of an archive (exported, or a root file system as tar, plain, gzip or zstd)':
    'Das Hochladen eines Archivs beginnen (exportiert, oder ein Wurzeldateisystem als tar, unverpackt, gzip oder zstd)',
  'Operations, newest first': 'Vorgänge, neueste zuerst',
  'Other roles instead of those they have': 'Andere Rollen statt der vorhandenen',
  'Outages that concern the reader, newest first': 'Ausfälle, die den Leser betreffen, neueste zuerst',
  'part of the name, whatever the case': 'ein Teil des Namens, groß oder klein geschrieben',
  'People, service accounts and open invitations': 'Personen, Dienstkonten und offene Einladungen',
  'Places where backups go': 'Orte, an die gesichert wird',
  'Prove now that it can be restored: in a container of its own, without a network':
    'Jetzt nachweisen, dass sie sich wiederherstellen lässt: in einem eigenen Container, ohne Netz',
  'Put a picture in place: a PNG file, of which the pixels are kept':
    'Ein Bild einsetzen: eine PNG-Datei, von der die Bildpunkte bleiben',
  'Put all files back as they were in a snapshot; the present ones are kept for undo':
    'Alle Dateien zurücklegen, wie sie in einem Snapshot waren; die jetzigen sind zum Rückgängigmachen aufgehoben',
  'Put back files as the template has them; the changed ones go into the trash':
    'Dateien zurücklegen, wie die Vorlage sie hat; die geänderten kommen in den Papierkorb',
  'Read everything back now, where its newest backup lies': 'Jetzt alles zurücklesen, wo seine neueste Sicherung liegt',
  'Refuse or end it; what is open by it closes at once':
    'Es ablehnen oder beenden; was dadurch offen ist, schließt sofort',
  'Release the kept old files; then it cannot be undone':
    'Die aufgehobenen alten Dateien freigeben; dann lässt es sich nicht mehr rückgängig machen',
  'Remove a picture': 'Ein Bild entfernen',
  'Remove a port forward': 'Eine Portweiterleitung entfernen',
  'Remove a provider: sessions that it opened end, and the roles that followed from it go':
    'Einen Anmeldedienst entfernen: von ihm geöffnete Sitzungen enden, und die Rollen, die aus ihm folgten, gehen',
  'Remove one that holds no backup and that nothing names':
    'Einen entfernen, der keine Sicherung hat und den nichts nennt',
  'Resellers, with their quota and what is used of it': 'Reseller, mit ihrem Kontingent und dessen Nutzung',
  "Restore into a container of another tenant, with the first tenant's consent":
    'In einen Container eines anderen Kunden wiederherstellen, mit Einwilligung des ersten',
  'Restore the whole container, the present files kept for undo; or, with paths, these while it goes on':
    'Den ganzen Container wiederherstellen, die jetzigen Dateien zum Rückgängigmachen aufgehoben; oder, mit Pfaden, diese im Betrieb',
  'Run one command inside, at most once': 'Einen Befehl darin ausführen, höchstens einmal',
  'Say no to what it asks for, and why': 'Ablehnen, worum es bittet, und sagen, warum',
  'Say no, as the receiving account, or as the giving one to an offer that staff made':
    'Ablehnen, als empfangendes Konto, oder als abgebendes bei einem Angebot von Mitarbeitern',
  'Say that a person has put a stuck one right': 'Sagen, dass jemand einen festhängenden in Ordnung gebracht hat',
  'Send a message that means nothing': 'Eine Nachricht senden, die nichts bedeutet',
  'Send an open invitation again: a new link, and time from now; the one before works no more':
    'Eine offene Einladung noch einmal senden: ein neuer Link, und Zeit ab jetzt; der bisherige gilt nicht mehr',
  'Send what was sent before once more, as a message of its own':
    'Früher Gesendetes noch einmal senden, als eigene Nachricht',
  'Server-sent events; resumes after Last-Event-ID': 'Server-sent events; geht nach Last-Event-ID weiter',
  'Services, newest first': 'Dienste, neueste zuerst',
  'Set a brand as a whole': 'Eine Marke im Ganzen setzen',
  'Set a password with a link from a mail': 'Mit einem Link aus einer Mail ein Passwort setzen',
  'Set a provider as a whole, but for its issuer': 'Einen Anmeldedienst im Ganzen setzen, außer seinem Aussteller',
  'Set the root password inside a service': 'Das Root-Passwort in einem Dienst setzen',
  'Set what a reseller may use; below what it uses nothing grows any more':
    'Festlegen, was ein Reseller nutzen darf; unter dem, was er nutzt, wächst nichts mehr',
  'Show again who one is by signing in anew there: where the browser is to go':
    'Durch neue Anmeldung dort noch einmal zeigen, wer man ist: wohin der Browser gehen soll',
  'Show again who one is, by password or code: what asks for it goes on for a while':
    'Mit Passwort oder Code noch einmal zeigen, wer man ist: was danach fragt, geht eine Weile weiter',
  'Shut down by its own init, killed after the time-out':
    'Herunterfahren durch sein eigenes Init-System, nach Ablauf der Zeit sofort beendet',
  'Sign in by password alone again; needs password and code':
    'Wieder nur mit Passwort anmelden; braucht Passwort und Code',
  'Sign in with a passkey; sets the session cookie': 'Mit einem Passkey anmelden; setzt den Cookie der Sitzung',
  'Sign in; sets the session cookie': 'Anmelden; setzt den Cookie der Sitzung',
  'Sign out here': 'Hier abmelden',
  'Snapshots of a container, newest first; they are on its server and no backups':
    'Snapshots eines Containers, neueste zuerst; sie liegen auf seinem Server und sind keine Sicherungen',
  'Some labels more or fewer, whatever the others are': 'Einige Labels mehr oder weniger, was immer die anderen sind',
  'ssh keys, root password, host name': 'SSH-Schlüssel, Root-Passwort, Hostname',
  'Stop a service and leave its owner to look only': 'Einen Dienst stoppen und seinem Inhaber nur das Ansehen lassen',
  'Stop and start': 'Stoppen und starten',
  'Take a consent back that has not been used': 'Eine unbenutzte Einwilligung zurücknehmen',
  'Take a host into use again; what was written off with it stays so':
    'Einen Server wieder in Gebrauch nehmen; was mit ihm abgeschrieben wurde, bleibt es',
  'Take an invitation up by the token from the mail; who has an account, signed in as it':
    'Eine Einladung mit dem Token aus der Mail annehmen; wer ein Konto hat, damit angemeldet',
  'Take an offer back that nobody has accepted yet': 'Ein Angebot zurücknehmen, das noch niemand angenommen hat',
  'Take one in as a container of its tenant; it runs on undisturbed':
    'Einen als Container seines Kunden aufnehmen; er läuft ungestört weiter',
  'Take the container over; ask again how far it is': 'Den Container übernehmen; wieder fragen, wie weit es ist',
  'Take the second factor of somebody who lost it; they are told by mail, and signed out':
    'Den zweiten Faktor von jemandem entfernen, der ihn verloren hat; die Person erfährt es per Mail und wird abgemeldet',
  'Take their roles, or the invitation back; their sessions and tokens end':
    'Rollen oder Einladung zurücknehmen; Sitzungen und Tokens enden',
  'Tell more of it': 'Mehr darüber sagen',
  'The code of the second factor, after a provider’s word; sets the session cookie':
    'Der Code des zweiten Faktors, nach dem Wort eines Anmeldedienstes; setzt den Cookie der Sitzung',
  'The end of the boot log': 'Das Ende des Startprotokolls',
  'The ETag it was read with: 412 when it has changed since.':
    'Das ETag, mit dem es gelesen wurde: 412, wenn es sich seitdem geändert hat.',
  'The file an export made, by the id of its operation; a download that was cut off goes on with Range: bytes=N-':
    'Die Datei eines Exports, nach der Kennung seines Vorgangs; ein abgebrochenes Herunterladen geht mit Range: bytes=N- weiter',
  'The own second factor, and whether one is asked for': 'Der eigene zweite Faktor, und ob einer verlangt wird',
  'The proof of its latest restore test': 'Der Nachweis ihres letzten Wiederherstellungstests',
  'The same request again is answered the same for {n} hours and done once.':
    'Dieselbe Anfrage noch einmal wird {n} Stunden lang gleich beantwortet und einmal getan.',
  'This interface as OpenAPI 3.1': 'Diese Schnittstelle als OpenAPI 3.1',
  'Tickets, those where something happened last first': 'Tickets, zuerst die mit dem jüngsten Geschehen',
  'Try a failed or stuck one again': 'Einen misslungenen oder festhängenden noch einmal versuchen',
  'Turn a webhook on or off': 'Einen Webhook ein- oder ausschalten',
  'Upload a file, at once or in pieces that may go on after an interruption':
    'Eine Datei hochladen, auf einmal oder in Stücken, die nach einer Unterbrechung weitergehen können',
  'What a browser needs to make a passkey': 'Was ein Browser braucht, um einen Passkey anzulegen',
  'What a browser needs to sign in with a passkey': 'Was ein Browser braucht, um mit einem Passkey anzumelden',
  'What a reseller may use, and what it does': 'Was ein Reseller nutzen darf und was er nutzt',
  'What a reseller’s billing program has sold, newest first':
    'Was das Abrechnungsprogramm eines Resellers verkauft hat, Neuestes zuerst',
  'What a webhook was told and how that went, newest first; kept for 30 days':
    'Was einem Webhook mitgeteilt wurde und wie das ausging, Neuestes zuerst; 30 Tage aufgehoben',
  'What came, changed and went between a backup and another, or what is there now':
    'Was zwischen einer Sicherung und einer anderen, oder dem jetzigen Stand, hinzukam, sich änderte und wegfiel',
  'What differs from the template, by folder and size': 'Was von der Vorlage abweicht, nach Ordner und Größe',
  'What happens when it ends by itself': 'Was geschieht, wenn er von selbst endet',
  'What holds a container': 'Was einen Container sperrt',
  'What holds all of a tenant': 'Was einen Kunden im Ganzen sperrt',
  'What is broken and for whom, who waits for an answer, a reseller’s tenants and what they take of its quota':
    'Was kaputt ist und für wen, wer auf Antwort wartet, die Kunden eines Resellers und was sie von seinem Kontingent nehmen',
  'What is broken, who is affected, since when': 'Was kaputt ist, wen es betrifft, seit wann',
  'What is in a folder of a backup, a page at a time': 'Was in einem Ordner einer Sicherung ist, Seite für Seite',
  'What is in a folder, a page at a time': 'Was in einem Ordner ist, Seite für Seite',
  'What its tenant has consented to: restores into containers of other tenants':
    'Worin ihr Kunde eingewilligt hat: Wiederherstellung in Container anderer Kunden',
  'What restoring would bring, change and delete; does nothing':
    'Was eine Wiederherstellung bringen, ändern und löschen würde; tut nichts',
  'What services use, newest first': 'Was Dienste nutzen, Neueste zuerst',
  'What the commands around it printed': 'Was die Befehle davor und danach ausgaben',
  'What was deleted and is still kept': 'Was gelöscht wurde und noch aufgehoben ist',
  'What was written since it put the old files aside: what an undo takes away':
    'Was geschrieben wurde, seit er die alten Dateien beiseitelegte: was ein Rückgängigmachen wegnimmt',
  'What would be lost with a host: of each container, what was written since its newest backup':
    'Was mit einem Server verloren ginge: von jedem Container, was seit seiner neuesten Sicherung geschrieben wurde',
  'When it is backed up by itself, what is kept, and what the next run lets go':
    'Wann von selbst gesichert wird, was bleibt und was der nächste Lauf aufgibt',
  'When its backups are tested by restoring them, and how that went':
    'Wann seine Sicherungen durch Wiederherstellen getestet werden und wie das ausging',
  'Where a provider sends the browser back; leads on to a page':
    'Wohin ein Anmeldedienst den Browser zurückschickt; führt weiter auf eine Seite',
  'Where backups of its containers go from now on': 'Wohin seine Container ab jetzt gesichert werden',
  'Where its backups go from now on': 'Wohin ab jetzt gesichert wird',
  'Whether a name is one of ours, for proxies that get certificates on demand':
    'Ob ein Name einer von uns ist, für Proxys, die Zertifikate nach Bedarf holen',
  'Whether the account asks its people for a second factor':
    'Ob das Konto von seinen Personen einen zweiten Faktor verlangt',
  'Whether the person has agreed; then, once, the token': 'Ob die Person zugestimmt hat; dann, einmal, das Token',
  'Whether the token works, whose it is, and what can be sold':
    'Ob das Token gilt, wem es gehört und was verkauft werden kann',
  'Which roles must have a second factor': 'Welche Rollen einen zweiten Faktor haben müssen',
  'Who asked to look inside, and who may': 'Wer hineinsehen wollte und wer darf',
  'Who asks, with which rights over what': 'Wer fragt, mit welchen Rechten worüber',
  'Who did what, newest first': 'Wer was getan hat, Neuestes zuerst',
  'Who else may say who somebody is: for the installation, or for a reseller’s names':
    'Wer sonst sagen darf, wer jemand ist: für die Installation oder für die Namen eines Resellers',
  'Who is signed in': 'Wer angemeldet ist',
  'Who may do something to a container': 'Wer etwas mit einem Container tun darf',
  'Why the asker may or may not do something to a container':
    'Warum der Fragende etwas mit einem Container tun darf oder nicht',
  'Write down that a service is paid for; lifts what suspends it':
    'Festhalten, dass ein Dienst bezahlt ist; hebt auf, was ihn sperrt',
  'Write in a ticket; internal notes are for staff': 'In einem Ticket schreiben; interne Notizen sind für Mitarbeiter',
  'Write off a host that does not answer, or some of its containers, so that they can be had back elsewhere':
    'Einen Server, der nicht antwortet, oder einige seiner Container abschreiben, damit sie sich anderswo zurückholen lassen',
  'Take back a restore, reinstall, roll-back or recovery of all system files while its old files are kept':
    'Eine Wiederherstellung, Neuinstallation, Rückkehr zu einem Snapshot oder das Zurückholen aller Systemdateien rückgängig machen, solange der alte Stand aufgehoben ist',
  'The provider’s own people and service accounts with a role over the installation, and open invitations':
    'Die eigenen Leute und Dienstkonten des Anbieters mit einer Rolle über die Installation, und offene Einladungen',
  'Invite somebody among the provider’s staff by mail, or make a service account':
    'Jemanden per E-Mail in das Personal des Anbieters einladen, oder ein Dienstkonto anlegen',
  'Other roles over the installation instead of those they have':
    'Andere Rollen über die Installation statt der vorhandenen',
  'Take their roles over the installation, or the invitation back; their sessions and tokens end':
    'Rollen über die Installation oder die Einladung zurücknehmen; Sitzungen und Token enden',
  'Make a key pair that signs mails from the sender’s address; the answer has the record to publish':
    'Ein Schlüsselpaar erstellen, das E-Mails von der Adresse des Absenders signiert; die Antwort enthält den Eintrag, der zu veröffentlichen ist',
  'Look for the record of a key; from then on it signs':
    'Nach dem Eintrag eines Schlüssels suchen; ab dann signiert er',
  'Throw a key away: mails leave without its signature':
    'Einen Schlüssel wegwerfen: E-Mails gehen ohne seine Signatur ab',
} as const satisfies Record<string, string>;
