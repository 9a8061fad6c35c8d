/** Mails. See all.ts. */
export const mails = {
  '  and {n} more': '  und {n} weitere',
  '  {container}, made {at}: cannot be read': '  {container} vom {at}: nicht lesbar',
  '  {container}, made {at}: lacks {paths}': '  {container} vom {at}: es fehlt {paths}',
  '  {container}: from its backup of {at}, until {until}': '  {container}: aus seiner Sicherung vom {at}, bis {until}',
  '  {container}: there is no complete backup of it': '  {container}: davon gibt es keine vollständige Sicherung',
  'A passkey was added': 'Ein Passkey kam hinzu',
  'A passkey was removed': 'Ein Passkey wurde entfernt',
  'A recovery code of yours was used': 'Einer Ihrer Notfallcodes wurde benutzt',
  'a second factor was set up for your account, and your other sessions were ended. From now on a sign-in needs your password and a code of your authenticator app.':
    'für Ihr Konto wurde ein zweiter Faktor eingerichtet, und Ihre anderen Sitzungen wurden beendet. Ab jetzt brauchen Sie zur Anmeldung Ihr Passwort und einen Code Ihrer Authenticator-App.',
  'a server is gone and does not come back, and what was written there since the newest backup is gone with it. These containers can be had back on another server; each will have another address:':
    'ein Server ist weg und kommt nicht zurück, und mit ihm ist weg, was dort seit der neuesten Sicherung geschrieben wurde. Diese Container lassen sich auf einem anderen Server zurückholen; jeder bekommt eine andere Adresse:',
  'an account was made for you. Open this link within seven days to choose your password:':
    'für Sie wurde ein Konto angelegt. Öffnen Sie innerhalb von sieben Tagen diesen Link, um Ihr Passwort zu wählen:',
  'an administrator took the second factor of your account, as it is done when a phone is lost. You were signed out everywhere; a sign-in needs your password alone until you set up another.':
    'ein Administrator hat den zweiten Faktor Ihres Kontos entfernt, wie es geschieht, wenn ein Telefon verloren ist. Sie wurden überall abgemeldet; zur Anmeldung genügt Ihr Passwort, bis Sie einen anderen einrichten.',
  'codes of your authenticator app are asked for no more when you sign in.':
    'bei Ihrer Anmeldung werden keine Codes Ihrer Authenticator-App mehr verlangt.',
  'Emergency access to {container}': 'Notfallzugriff auf {container}',
  'Everything done there is in the audit record, with these names. The owner can end it at once here:':
    'Alles, was dort geschieht, steht mit diesen Namen im Protokoll. Der Inhaber kann den Zugriff hier sofort beenden:',
  'Files kept for undo were released: {container}':
    'Zum Rückgängigmachen aufgehobene Dateien wurden freigegeben: {container}',
  'from now on {name} does not sign you in any more.': 'ab jetzt meldet {name} Sie nicht mehr an.',
  'from now on {name} signs you in: whoever is you there is you here.':
    'ab jetzt meldet {name} Sie an: wer dort Sie ist, ist auch hier Sie.',
  'Hello {name},': 'Guten Tag {name},',
  'Hello,': 'Guten Tag,',
  'If it was not you, ask for a new password at the sign-in page at once, and look at the security page of your account.':
    'Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort und sehen auf die Sicherheitsseite Ihres Kontos.',
  'If it was not you, ask for a new password at the sign-in page at once, and set up the second factor again.':
    'Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort und richten den zweiten Faktor wieder ein.',
  'If it was not you, ask for a new password at the sign-in page at once, and then your provider for help.':
    'Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort und bitten dann Ihren Anbieter um Hilfe.',
  'If it was not you, ask for a new password at the sign-in page at once.':
    'Wenn Sie es nicht waren, verlangen Sie auf der Anmeldeseite sofort ein neues Passwort.',
  'If it was not you, do nothing: your password stays as it is.':
    'Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.',
  'If it was you, make new ones on the security page of your account when they run low. If it was not, change your password there at once and make new ones.':
    'Wenn Sie es waren, legen Sie auf der Sicherheitsseite Ihres Kontos neue an, wenn sie knapp werden. Wenn nicht, ändern Sie dort sofort Ihr Passwort und legen neue an.',
  'If nobody restored a backup of the panel, take it for an intrusion. "Verify" on this page says which entries are concerned:':
    'Wenn niemand eine Sicherung des Panels wiederhergestellt hat, behandeln Sie es als Einbruch. „Prüfen“ auf dieser Seite sagt, welche Einträge es betrifft:',
  'If you did not ask for that, change your password now and tell your provider.':
    'Wenn Sie das nicht verlangt haben, ändern Sie jetzt Ihr Passwort und sagen es Ihrem Anbieter.',
  'If you do not know what this is about, do nothing.': 'Wenn Sie nicht wissen, worum es geht, tun Sie nichts.',
  'If you do nothing, everything stays as it is.': 'Wenn Sie nichts tun, bleibt alles, wie es ist.',
  'Is {container} to be handed over?': 'Soll {container} übergeben werden?',
  'its first answer': 'die erste Antwort',
  'its solution': 'die Lösung',
  'Keep the recovery codes that were shown where you find them without your phone.':
    'Heben Sie die angezeigten Notfallcodes dort auf, wo Sie sie ohne Ihr Telefon finden.',
  'Late: [#{n}] {subject}': 'Verspätet: [#{n}] {subject}',
  'Outage: A server does not answer': 'Ausfall: Ein Server antwortet nicht',
  'Outage: {title}': 'Ausfall: {title}',
  'Over: A server does not answer': 'Vorbei: Ein Server antwortet nicht',
  'Over: {title}': 'Vorbei: {title}',
  'Read all of it and answer here:': 'Hier können Sie alles lesen und antworten:',
  'reading backups back has found damage at the place where they lie:':
    'beim Zurücklesen von Sicherungen wurden dort, wo sie liegen, Schäden gefunden:',
  'Sign-in by {name} was connected': 'Anmeldung über {name} wurde verbunden',
  'Sign-in by {name} was disconnected': 'Anmeldung über {name} wurde getrennt',
  'somebody asked for a new password for your account. If it was you, open this link within an hour:':
    'jemand hat für Ihr Konto ein neues Passwort verlangt. Wenn Sie das waren, öffnen Sie innerhalb einer Stunde diesen Link:',
  'somebody used one of your recovery codes in place of a code of your authenticator app. None is left.':
    'jemand hat einen Ihrer Notfallcodes statt eines Codes Ihrer Authenticator-App benutzt. Es ist keiner mehr übrig.',
  'somebody used one of your recovery codes in place of a code of your authenticator app. One is left.':
    'jemand hat einen Ihrer Notfallcodes statt eines Codes Ihrer Authenticator-App benutzt. Es ist noch einer übrig.',
  'somebody used one of your recovery codes in place of a code of your authenticator app. {n} are left.':
    'jemand hat einen Ihrer Notfallcodes statt eines Codes Ihrer Authenticator-App benutzt. Es sind noch {n} übrig.',
  'The audit record was changed or cut': 'Das Protokoll wurde geändert oder gekürzt',
  'the backup of {container} made {at} was restored into a container of its own, to see whether it comes up. It did not: {whySaid}':
    'die Sicherung von {container} vom {at} wurde in einen eigenen Container wiederhergestellt, um zu sehen, ob sie hochkommt. Sie kam nicht hoch: {whySaid}',
  'The backups that were there before are still there, and the next run tries again. See for yourself:':
    'Die bisherigen Sicherungen sind noch da, und der nächste Lauf versucht es wieder. Sehen Sie selbst:',
  'The container itself and its backups are as they were. What those files belonged to cannot be undone any more.':
    'Der Container selbst und seine Sicherungen sind, wie sie waren. Wozu diese Dateien gehörten, das lässt sich nicht mehr rückgängig machen.',
  'The container itself is not touched. What it printed, and what the test has found, is here:':
    'Der Container selbst ist nicht betroffen. Was er ausgab und was der Test fand, steht hier:',
  'the host {server} keeps a signed statement of the audit record that the record in the database does not bear out any more. Entries were changed, removed or cut off there, or an older copy of the database was put in place.':
    'der Server {server} hat einen unterschriebenen Stand des Protokolls, zu dem das Protokoll in der Datenbank nicht mehr passt. Dort wurden Einträge geändert, entfernt oder abgeschnitten, oder eine ältere Kopie der Datenbank wurde eingesetzt.',
  'the passkey "{name}" was added to your account: it signs in without a password.':
    'der Passkey „{name}“ kam zu Ihrem Konto hinzu: mit ihm meldet man sich ohne Passwort an.',
  'the passkey "{name}" was removed from your account: it signs in no more.':
    'der Passkey „{name}“ wurde aus Ihrem Konto entfernt: mit ihm meldet man sich nicht mehr an.',
  'the password of your account was changed and your other sessions were ended.':
    'das Passwort Ihres Kontos wurde geändert, und Ihre anderen Sitzungen wurden beendet.',
  'The scheduled backup of {container} failed': 'Die Sicherung von {container} nach Zeitplan ist misslungen',
  'the scheduled backup of {container} failed. The reason: {problemSaid}':
    'die Sicherung von {container} nach Zeitplan ist misslungen. Der Grund: {problemSaid}',
  'The scheduled backup of {container} has failed {n} times in a row':
    'Die Sicherung von {container} nach Zeitplan ist {n}-mal in Folge misslungen',
  'the scheduled backup of {container} has failed {n} times in a row. The reason: {problemSaid}':
    'die Sicherung von {container} nach Zeitplan ist {n}-mal in Folge misslungen. Der Grund: {problemSaid}',
  'the server of your container "{container}" was almost out of storage. To keep it running, the files that an earlier restore, reinstall or undo had put aside were deleted before their time.':
    'der Server Ihres Containers „{container}“ hatte fast keinen Speicherplatz mehr. Damit er weiterläuft, wurden die Dateien, die eine frühere Wiederherstellung, Neuinstallation oder Rücknahme beiseitegelegt hatte, vor ihrer Zeit gelöscht.',
  'The server of {container} is lost': 'Der Server von {container} ist verloren',
  'The server of {n} of your containers is lost': 'Der Server von {n} Ihrer Container ist verloren',
  'the time for {missedSaid} has passed in this ticket:': 'die Zeit für {missedSaid} ist in diesem Ticket abgelaufen:',
  'They are under “Recently deleted”, with a button for it:':
    'Sie stehen unter „Kürzlich gelöscht“, mit einem Knopf dafür:',
  'They wrote: {note}': 'Dazu die Nachricht: {note}',
  'this concerns one of your containers:': 'das betrifft einen Ihrer Container:',
  'this concerns {n} of your containers:': 'das betrifft {n} Ihrer Container:',
  'this is over. It concerned one of your containers.': 'das ist vorbei. Es betraf einen Ihrer Container.',
  'this is over. It concerned {n} of your containers.': 'das ist vorbei. Es betraf {n} Ihrer Container.',
  'Your account is ready': 'Ihr Konto ist bereit',
  'Your containers are not touched. Make a backup of each now: what the container still has is stored again, and the damaged backups become whole as far as that goes. See for yourself:':
    'Ihre Container sind nicht betroffen. Sichern Sie jeden jetzt: was der Container noch hat, wird wieder abgelegt, und die beschädigten Sicherungen werden so weit wieder ganz. Sehen Sie selbst:',
  'Your password was changed': 'Ihr Passwort wurde geändert',
  'Your sign-in asks for a code now': 'Ihre Anmeldung verlangt jetzt einen Code',
  'Your sign-in asks for no code any more': 'Ihre Anmeldung verlangt keinen Code mehr',
  '{account} offers you the container {container}': '{account} bietet Ihnen den Container {container} an',
  '{account} wants to hand the container {container} over to your account. See what comes along, and accept or decline it, until {until}:':
    '{account} möchte Ihrem Konto den Container {container} übergeben. Sehen Sie, was mitkommt, und nehmen Sie bis {until} an oder lehnen Sie ab:',
  '{account}: you are invited': '{account}: Sie sind eingeladen',
  '{name} asks to hand your container {container} over to another account. Without your consent nothing happens. See to whom, and say yes or no, until {until}:':
    '{name} möchte Ihren Container {container} einem anderen Konto übergeben. Ohne Ihre Zustimmung geschieht nichts. Sehen Sie, wem, und sagen Sie bis {until} ja oder nein:',
  '{name} invites you to the containers of {account}. Open this link within {n} days to take it up:':
    '{name} lädt Sie zu den Containern von {account} ein. Öffnen Sie innerhalb von {n} Tagen diesen Link, um die Einladung anzunehmen:',
  '{name} wrote:': '{name} schrieb:',
  '{n} backups are damaged': '{n} Sicherungen sind beschädigt',
  '{staff} may look inside the container {container} until {until}, without the consent of its owner. Approved by {approvers}. The reason: {reason}':
    '{staff} darf bis {until} in den Container {container} hineinsehen, ohne Einwilligung seines Inhabers. Genehmigt von {approvers}. Der Grund: {reason}',
  '{name} invites you to the staff of {account}. Open this link within {n} days to take it up:':
    '{name} lädt Sie in das Personal von {account} ein. Öffnen Sie innerhalb von {n} Tagen diesen Link, um die Einladung anzunehmen:',
  '  {container}: its backups lay in a directory of that server, out of reach without it':
    '  {container}: seine Sicherungen lagen in einem Verzeichnis dieses Servers und sind ohne ihn nicht erreichbar',
} as const satisfies Record<string, string>;
