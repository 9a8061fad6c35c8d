/** What verbs refuse and say: containers, plans, billing, brands, handovers. See all.ts. */
export const problems = {
  'A brand has at most {n} names.': 'Eine Marke hat höchstens {n} Namen.',
  'A colour cannot be read.': 'Eine Farbe ist nicht lesbar.',
  'A mail would not say what it has to.': 'Eine Mail würde nicht sagen, was sie sagen muss.',
  'A picture has at most {n} KB.': 'Ein Bild hat höchstens {n} KB.',
  'A repair lasts {n} hours at most.': 'Eine Reparatur dauert höchstens {n} Stunden.',
  'A secret this needs has expired; ask for it again.':
    'Ein Geheimnis, das dafür gebraucht wird, ist abgelaufen; verlangen Sie es noch einmal.',
  'Accept a new address (acceptNewAddress), or try again later.':
    'Nehmen Sie eine neue Adresse an (acceptNewAddress), oder versuchen Sie es später noch einmal.',
  'Accept a new address (acceptNewAddress).': 'Nehmen Sie eine neue Adresse an (acceptNewAddress).',
  'Accept it again in a while.': 'Nehmen Sie es in einer Weile noch einmal an.',
  'An entry was written, and was gone before it could be sealed.':
    'Ein Eintrag wurde geschrieben und war weg, bevor er versiegelt werden konnte.',
  'An imported system cannot be made afresh: choose a template.':
    'Ein importiertes System lässt sich nicht neu anlegen: wählen Sie eine Vorlage.',
  'Try it again or undo it, or ask for help.':
    'Wiederholen Sie ihn oder machen Sie ihn rückgängig, oder bitten Sie um Hilfe.',
  'An operation is stuck; somebody has to look at it first.':
    'Ein Vorgang hängt fest; zuerst muss jemand danach sehen.',
  'Another brand has proven this name, and its record is still there.':
    'Eine andere Marke hat diesen Namen nachgewiesen, und ihr Eintrag steht noch dort.',
  'Another container has its name by now. Give it another one.':
    'Ein anderer Container hat inzwischen seinen Namen. Geben Sie ihm einen anderen.',
  'Ask for another plan; then it can be cloned onto that.':
    'Fragen Sie nach einem anderen Tarif; dann lässt es sich auf diesen klonen.',
  'Ask the giver to have it moved to another plan first.':
    'Bitten Sie den Geber, ihn zuerst in einen anderen Tarif zu legen.',
  'Ask them for a new offer.': 'Bitten Sie dort um ein neues Angebot.',
  'Ask whoever you have your account from.': 'Fragen Sie, von wem Sie Ihr Konto haben.',
  'At place {n}: {at}, {who}, {verb}, {what}. It was sealed otherwise.':
    'An Stelle {n}: {at}, {who}, {verb}, {what}. Er wurde anders versiegelt.',
  'By all that is written down it is done: this cannot be resolved as failed.':
    'Nach allem, was festgehalten ist, ist es ausgeführt: Als fehlgeschlagen lässt sich das nicht kennzeichnen.',
  'Choose another of your plans for the copy: {names}.': 'Wählen Sie für den Klon einen anderen Ihrer Tarife: {names}.',
  'Only its server can tell what was made, and it has not: this cannot be resolved as done.':
    'Nur sein Server kann sagen, was entstanden ist, und er hat es nicht gesagt: Als ausgeführt lässt sich das nicht kennzeichnen.',
  'Resolve it as done. Then it can be undone like any other.':
    'Kennzeichnen Sie es als ausgeführt. Dann lässt es sich rückgängig machen wie jedes andere.',
  'The server of this container has an older version, which cannot say that beforehand.':
    'Der Server dieses Containers hat eine ältere Version, die das nicht vorhersagen kann.',
  'Try again when it has been upgraded.': 'Versuchen Sie es noch einmal, wenn er aktualisiert wurde.',
  'Try it again; or take back what it left, and resolve it as failed.':
    'Versuchen Sie es noch einmal; oder nehmen Sie zurück, was davon blieb, und kennzeichnen Sie es als fehlgeschlagen.',
  'backups without a limit': 'Sicherungen ohne Grenze',
  'Build the template on a server first.': 'Bauen Sie die Vorlage zuerst auf einem Server.',
  'Choose a plan with a limit for backups.': 'Wählen Sie einen Tarif mit einer Grenze für Sicherungen.',
  'Choose a port between {first} and {last}.': 'Wählen Sie einen Port zwischen {first} und {last}.',
  containers: 'Container',
  'Containers do not go from one provider’s customers to another’s here.':
    'Hier gehen Container nicht von den Kunden des einen Anbieters zu denen eines anderen.',
  cores: 'Kerne',
  'Create it again first.': 'Legen Sie ihn zuerst wieder an.',
  'Delete an older snapshot first.': 'Löschen Sie zuerst einen älteren Snapshot.',
  'Delete one, or choose another plan.': 'Löschen Sie einen, oder wählen Sie einen anderen Tarif.',
  'Deleted as soon as it is not held any more ({reasonsSaid}).':
    'Wird gelöscht, sobald er nicht mehr gesperrt ist ({reasonsSaid}).',
  'Deleted. Creating it again brings its files back.': 'Gelöscht. Erneutes Anlegen bringt seine Dateien zurück.',
  'Deleted. It cannot be had back.': 'Gelöscht. Er lässt sich nicht zurückholen.',
  disk: 'Speicherplatz',
  'Enable one, or build the template on another server.':
    'Schalten Sie einen ein, oder bauen Sie die Vorlage auf einem anderen Server.',
  'Every server that has this template is disabled.': 'Jeder Server mit dieser Vorlage ist ausgeschaltet.',
  'Finish it, and begin another.': 'Beenden Sie sie und beginnen Sie eine neue.',
  'Free some, choose a smaller plan, or ask the provider for more.':
    'Geben Sie etwas frei, wählen Sie einen kleineren Tarif, oder bitten Sie den Anbieter um mehr.',
  'Held for another reason ({reasonsSaid}).': 'Aus einem anderen Grund gesperrt ({reasonsSaid}).',
  'Holds for "{reasonSaid}" are put and lifted by somebody else.':
    'Sperren aus dem Grund „{reasonSaid}“ setzt und hebt jemand anderes auf.',
  'If one was deleted, have that back first.': 'Wurde eine gelöscht, holen Sie zuerst diese zurück.',
  'Imported system': 'Importiertes System',
  'It answers, or did within the last minute. What is on it can be stopped and deleted there.':
    'Er antwortet oder tat es in der letzten Minute. Was darauf ist, kann man dort stoppen und löschen.',
  'It cannot be had back any more.': 'Er lässt sich nicht mehr zurückholen.',
  'It has no container.': 'Es hat keinen Container.',
  'It has no such complete backup.': 'Er hat keine solche vollständige Sicherung.',
  'It is being deleted.': 'Er wird gerade gelöscht.',
  'It is deleted.': 'Es ist gelöscht.',
  'It is not deleted.': 'Er ist nicht gelöscht.',
  'It is offered to somebody already.': 'Er ist schon jemandem angeboten.',
  'It is over, or is being taken back already.': 'Er ist vorbei oder wird schon zurückgenommen.',
  'It is over.': 'Es ist vorbei.',
  'It is there again, on {server}.': 'Er ist wieder da, auf {server}.',
  'It lasts as long already.': 'So lange dauert sie schon.',
  'It was cancelled.': 'Es wurde abgebrochen.',
  'Its address went along when it was handed over; it would get another one.':
    'Seine Adresse ging bei der Übergabe mit; er bekäme eine andere.',
  'Its container is being deleted.': 'Sein Container wird gerade gelöscht.',
  'Its container is being made.': 'Sein Container wird gerade angelegt.',
  'Its container was deleted in the panel, or lost with its server. Creating it again brings its files back.':
    'Sein Container wurde im Panel gelöscht oder ging mit seinem Server verloren. Erneutes Anlegen bringt seine Dateien zurück.',
  'Its container was deleted in the panel, or lost with its server. It cannot be had back.':
    'Sein Container wurde im Panel gelöscht oder ging mit seinem Server verloren. Er lässt sich nicht zurückholen.',
  'Its containers are still being written off.': 'Seine Container werden noch abgeschrieben.',
  'Its plan is not one that your account can have.': 'Sein Tarif ist keiner, den Ihr Konto haben kann.',
  'Look at the container and ask again.': 'Sehen Sie nach dem Container und verlangen Sie es noch einmal.',
  'Mails leave through the provider’s server, from its address.':
    'Mails gehen über den Server des Anbieters hinaus, von dessen Adresse.',
  'Making it got stuck: somebody has to look at the operation.':
    'Das Anlegen hängt fest: jemand muss nach dem Vorgang sehen.',
  'Making its container failed. Ask for it again.':
    'Das Anlegen seines Containers ist misslungen. Verlangen Sie es noch einmal.',
  memory: 'Arbeitsspeicher',
  'More is used than the quota allows ({whatSaid}). What exists goes on; nothing that takes more of it is accepted until use is below the quota.':
    'Es wird mehr genutzt, als das Kontingent erlaubt ({whatSaid}). Was da ist, läuft weiter; nichts, was mehr davon braucht, wird angenommen, bis die Nutzung unter dem Kontingent liegt.',
  'No brand is set: tenants see the panel’s own name.':
    'Es ist keine Marke gesetzt: Kunden sehen den eigenen Namen des Panels.',
  'No name is proven: links in mails lead to the provider’s.':
    'Kein Name ist nachgewiesen: Links in Mails führen zu dem des Anbieters.',
  'No seal: {at}, {who}, {verb}, {what}. It was slipped in, or its seal was taken away.':
    'Kein Siegel: {at}, {who}, {verb}, {what}. Er wurde eingeschmuggelt, oder sein Siegel wurde weggenommen.',
  'No server has enough room for this plan.': 'Kein Server hat genug Platz für diesen Tarif.',
  'No server has this template.': 'Kein Server hat diese Vorlage.',
  'No server that has this template answers at the moment.': 'Zurzeit antwortet kein Server mit dieser Vorlage.',
  'Not even one container of this plan would fit the quota of {amountSaid}.':
    'Nicht einmal ein Container dieses Tarifs passte in das Kontingent von {amountSaid}.',
  'Not now: it is active.': 'Jetzt nicht: er ist aktiv.',
  'Not now: it is being terminated.': 'Jetzt nicht: er wird gerade beendet.',
  'Not now: it is still being made.': 'Jetzt nicht: er wird noch angelegt.',
  'Not now: it is suspended.': 'Jetzt nicht: er ist gesperrt.',
  'Not now: it is terminated.': 'Jetzt nicht: er ist beendet.',
  'Not now: it was not made.': 'Jetzt nicht: er wurde nicht angelegt.',
  'Nothing is kept of this.': 'Davon ist nichts aufgehoben.',
  'Nothing to do.': 'Nichts zu tun.',
  'Nothing was made yet. Ask for it again.': 'Noch wurde nichts angelegt. Verlangen Sie es noch einmal.',
  'One of the containers is not on this host.': 'Einer der Container ist nicht auf diesem Server.',
  'Only a stuck operation can be resolved by hand.':
    'Nur ein festhängender Vorgang kann von Hand als erledigt gekennzeichnet werden.',
  'Only what failed can be tried again.': 'Nur was misslungen ist, kann noch einmal versucht werden.',
  'Port {port} of the server is taken.': 'Port {port} des Servers ist belegt.',
  'Restore a backup, roll back to a snapshot, or reinstall it from a template.':
    'Stellen Sie eine Sicherung wieder her, setzen Sie auf einen Snapshot zurück, oder installieren Sie aus einer Vorlage neu.',
  'Say more hours; they count from now.': 'Geben Sie mehr Stunden an; sie zählen ab jetzt.',
  'Say what to change.': 'Sagen Sie, was sich ändern soll.',
  'Send a PNG file.': 'Senden Sie eine PNG-Datei.',
  'Set it at whoever keeps the name, wait some minutes, and try again.':
    'Setzen Sie ihn dort, wo der Name verwaltet wird, warten Sie einige Minuten und versuchen Sie es noch einmal.',
  'Set keys in its settings, or choose a password.':
    'Setzen Sie Schlüssel in seinen Einstellungen, oder wählen Sie ein Passwort.',
  'Something is being done to the container.': 'Mit dem Container geschieht gerade etwas.',
  'space for backups': 'Platz für Sicherungen',
  'Stopped; deleted when its days of grace are over.': 'Gestoppt; wird gelöscht, wenn die Nachfrist vorbei ist.',
  'That is not its name; nothing was done.': 'So heißt er nicht; es wurde nichts getan.',
  'That plan has a smaller disk than the container.': 'Dieser Tarif hat eine kleinere Platte als der Container.',
  'That template is not on the server of this container.': 'Diese Vorlage ist nicht auf dem Server dieses Containers.',
  'The account’s owners can invite them again.': 'Die Inhaber des Kontos können wieder einladen.',
  'The container has no ssh keys.': 'Der Container hat keine SSH-Schlüssel.',
  'The container is deleted.': 'Der Container ist gelöscht.',
  'The container is not in repair.': 'Der Container ist nicht in Reparatur.',
  'The cursor is not one of ours.': 'Der Cursor ist keiner von uns.',
  "The disk with the panel's database is full; nothing was changed.":
    'Die Platte mit der Datenbank des Panels ist voll; nichts wurde geändert.',
  'The entry at place {n} was sealed and is gone.': 'Der Eintrag an Stelle {n} wurde versiegelt und fehlt.',
  'The files of before are not kept any more; see the trash.':
    'Die Dateien von vorher sind nicht mehr aufgehoben; sehen Sie in den Papierkorb.',
  'The files to release are not kept any more.': 'Die Dateien, die freizugeben wären, sind nicht mehr aufgehoben.',
  'The giving account has not consented yet.': 'Das abgebende Konto hat noch nicht zugestimmt.',
  'The name has been taken by another container.': 'Den Namen hat inzwischen ein anderer Container.',
  'The number of this service is another client’s already.':
    'Die Nummer dieses Dienstes gehört schon einem anderen Kunden.',
  'The offer is not accepted any more.': 'Das Angebot ist nicht mehr angenommen.',
  'The offer is not being carried out any more.': 'Das Angebot wird nicht mehr ausgeführt.',
  'The old files are not kept any more.': 'Die alten Dateien sind nicht mehr aufgehoben.',
  'The panel itself': 'Das Panel selbst',
  'The panel was restored from an older copy; what became of this meanwhile its server knows.':
    'Das Panel wurde aus einer älteren Kopie wiederhergestellt; was inzwischen daraus wurde, weiß sein Server.',
  'The person who asked for this has no account any more.': 'Wer das verlangt hat, hat kein Konto mehr.',
  'The picture ends too early.': 'Das Bild endet zu früh.',
  'The picture has colours that do not exist.': 'Das Bild hat Farben, die es nicht gibt.',
  'The picture has no colours.': 'Das Bild hat keine Farben.',
  'The picture has no head.': 'Das Bild hat keinen Kopf.',
  'The picture is damaged.': 'Das Bild ist beschädigt.',
  'The picture is interlaced; save it without.': 'Das Bild ist verschachtelt (interlaced); speichern Sie es ohne.',
  'The picture is no PNG file.': 'Das Bild ist keine PNG-Datei.',
  'The picture is packed in an unknown way.': 'Das Bild ist auf unbekannte Weise gepackt.',
  'The picture is {width} × {height}; at most {most} × {mostHigh} is taken.':
    'Das Bild hat {width} × {height}; angenommen wird höchstens {most} × {mostHigh}.',
  'The plan "{plan}" allows {n} containers.':
    'Der Tarif „{plan}“ erlaubt {n, plural, one {einen Container} other {# Container}}.',
  'The plan "{plan}" allows {n} port forwards.':
    'Der Tarif „{plan}“ erlaubt {n, plural, one {eine Portweiterleitung} other {# Portweiterleitungen}}.',
  'The plan "{plan}" allows {n} snapshots.':
    'Der Tarif „{plan}“ erlaubt {n, plural, one {einen Snapshot} other {# Snapshots}}.',
  'The plan "{plan}" is not offered any more.': 'Der Tarif „{plan}“ wird nicht mehr angeboten.',
  'The template "{title} {version}" is not offered any more.':
    'Die Vorlage „{title} {version}“ wird nicht mehr angeboten.',
  'Choose another.': 'Wählen Sie eine andere.',
  'The plan of this container does not include that template.':
    'Der Tarif dieses Containers umfasst diese Vorlage nicht.',
  'The provider sets one first.': 'Zuerst setzt der Anbieter eines.',
  'The quota limits the space for backups, so a plan has to limit it too.':
    'Das Kontingent begrenzt den Platz für Sicherungen, also muss auch ein Tarif ihn begrenzen.',
  'The record ends at place {n}; {keeperSaid} knows, signed at {at}, that it went on to place {last}: {gone} or more entries were cut off.':
    'Das Protokoll endet an Stelle {n}; {keeperSaid} weiß, unterschrieben am {at}, dass es bis Stelle {last} weiterging: {gone} oder mehr Einträge wurden abgeschnitten.',
  'The reseller may not make more containers on this server.':
    'Der Reseller darf auf diesem Server keine weiteren Container anlegen.',
  'The reseller’s quota is {quotaSaid}; {usedSaid} are taken, and this takes {wantedSaid}.':
    'Das Kontingent des Resellers ist {quotaSaid}; {usedSaid} sind belegt, und das braucht {wantedSaid}.',
  'The right to do this is gone.': 'Das Recht dazu gibt es nicht mehr.',
  'The server has no free port left.': 'Der Server hat keinen freien Port mehr.',
  'The server has not said which ports it has.': 'Der Server hat noch nicht gesagt, welche Ports er hat.',
  'The server is lost.': 'Der Server ist verloren.',
  'The server is not in use.': 'Der Server ist nicht in Gebrauch.',
  'The server it was on does not answer; on another one it gets another address.':
    'Der Server, auf dem er war, antwortet nicht; auf einem anderen bekommt er eine andere Adresse.',
  'The server it was on has not enough room; on another one it gets another address.':
    'Der Server, auf dem er war, hat nicht genug Platz; auf einem anderen bekommt er eine andere Adresse.',
  'The server it was on is lost; on another one it gets another address.':
    'Der Server, auf dem er war, ist verloren; auf einem anderen bekommt er eine andere Adresse.',
  'The server was almost out of storage.': 'Der Server hatte fast keinen Speicherplatz mehr.',
  'The template is gone.': 'Die Vorlage gibt es nicht mehr.',
  'The tenant has a container of this name.': 'Der Kunde hat schon einen Container dieses Namens.',
  'The tenant has a container of this name. Give this one another.':
    'Der Kunde hat schon einen Container dieses Namens. Geben Sie diesem einen anderen.',
  'The token is unknown, used or expired.': 'Das Token ist unbekannt, benutzt oder abgelaufen.',
  'The worker does not answer; the token may be used up.':
    'Der Worker antwortet nicht; das Token ist vielleicht verbraucht.',
  'There is a container of this name.': 'Einen Container dieses Namens gibt es schon.',
  'There is a hold for this reason already.': 'Aus diesem Grund besteht schon eine Sperre.',
  'There is a host of this name.': 'Einen Server dieses Namens gibt es schon.',
  'There is a host of this name. It joins again by a token of "berth host token".':
    'Einen Server dieses Namens gibt es schon. Er kommt mit einem Token von „berth host token“ wieder hinzu.',
  'There is a plan of this name.': 'Einen Tarif dieses Namens gibt es schon.',
  'There is no hold for this reason.': 'Aus diesem Grund besteht keine Sperre.',
  'There is no other server that it could go to.': 'Es gibt keinen anderen Server, auf den er könnte.',
  'There is no room for this at the moment.': 'Dafür ist zurzeit kein Platz.',
  'There is no such plan any more.': 'Diesen Tarif gibt es nicht mehr.',
  'There is no such plan.': 'Einen solchen Tarif gibt es nicht.',
  'There is no such reseller.': 'Einen solchen Reseller gibt es nicht.',
  'There is no such server.': 'Einen solchen Server gibt es nicht.',
  'There is no such service.': 'Einen solchen Dienst gibt es nicht.',
  'There is no such template.': 'Eine solche Vorlage gibt es nicht.',
  'There is no such tenant.': 'Einen solchen Kunden gibt es nicht.',
  'There is no template of an imported container to make a rescue system of.':
    'Zu einem importierten Container gibt es keine Vorlage, aus der ein Rettungssystem werden könnte.',
  'There is no TXT record {name} with this value yet.': 'Es gibt noch keinen TXT-Eintrag {name} mit diesem Wert.',
  'There is nothing left of it.': 'Davon ist nichts mehr übrig.',
  'There is nothing left to take over.': 'Es gibt nichts mehr zu übernehmen.',
  'This account belongs to more than one reseller; whose service it is about cannot be told.':
    'Dieses Konto gehört zu mehr als einem Reseller; um wessen Dienst es geht, lässt sich nicht sagen.',
  'This offer is decided.': 'Über dieses Angebot ist entschieden.',
  'This offer is over.': 'Dieses Angebot ist vorbei.',
  'This plan has no limit for backups, but the reseller’s quota has one.':
    'Dieser Tarif begrenzt Sicherungen nicht, das Kontingent des Resellers aber schon.',
  'This plan is the provider’s.': 'Dieser Tarif gehört dem Anbieter.',
  'This reseller has no quota yet.': 'Dieser Reseller hat noch kein Kontingent.',
  'This service was terminated.': 'Dieser Dienst wurde beendet.',
  'To let that host join again, run "berth host token" on the machine of the panel.':
    'Damit dieser Server wieder hinzukommt, rufen Sie auf dem Rechner des Panels „berth host token“ auf.',
  'Try again in a minute.': 'Versuchen Sie es in einer Minute noch einmal.',
  'Try again in a minute. If it lasts, look at the list of servers.':
    'Versuchen Sie es in einer Minute noch einmal. Bleibt es so, sehen Sie in die Liste der Server.',
  'Unsuspend it first, or wait until it is made.':
    'Heben Sie zuerst die Sperre auf, oder warten Sie, bis er angelegt ist.',
  'Use a token of a service account of one reseller.':
    'Verwenden Sie ein Token eines Dienstkontos eines einzigen Resellers.',
  'Wait until it is done, or cancel it.': 'Warten Sie, bis er fertig ist, oder brechen Sie ihn ab.',
  'Waits to be paid for.': 'Wartet auf Bezahlung.',
  'What failed to change hands is accepted again, by whom it is offered to.':
    'Was nicht übergeben werden konnte, nimmt noch einmal an, wem es angeboten ist.',
  'What is held does not change hands.': 'Was gesperrt ist, wechselt nicht den Besitzer.',
  'What is here is an older copy of it. Delete the one there first, if this is the one to keep.':
    'Was hier ist, ist eine ältere Kopie davon. Soll diese bleiben, löschen Sie zuerst die dortige.',
  'Whoever consented for the giving account may not any more.':
    'Wer für das abgebende Konto zugestimmt hat, darf das nicht mehr.',
  'Whom it was made for does not belong to the account any more.': 'Für wen er war, der gehört nicht mehr zum Konto.',
  'Withdraw that offer first.': 'Ziehen Sie zuerst jenes Angebot zurück.',
  'You have a container of this name. Give this one another.':
    'Sie haben schon einen Container dieses Namens. Geben Sie diesem einen anderen.',
  'You have this name already.': 'Diesen Namen haben Sie schon.',
  'Your account’s containers cannot be on the server that this one is on.':
    'Die Container Ihres Kontos können nicht auf dem Server sein, auf dem dieser ist.',
  '{keeperSaid} knows another seal at place {n}, signed at {at}.':
    '{keeperSaid} kennt ein anderes Siegel an Stelle {n}, unterschrieben am {at}.',
  '{n} of the chain’s seals are gone.': '{n} Siegel der Kette fehlen.',
  '… The host {server}': '… Der Server {server}',
  '… {n} container': '… {n} Container',
  '… {n} containers': '… {n} Container',
  '… {amount} core': '… {amount} Kern',
  '… {amount} cores': '… {amount} Kerne',
  '… {amount} GB of disk': '… {amount} GB Speicherplatz',
  '… {amount} GB of memory': '… {amount} GB Arbeitsspeicher',
  '… {amount} GB of space for backups': '… {amount} GB Platz für Sicherungen',
} as const satisfies Record<string, string>;
