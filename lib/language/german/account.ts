/** See all.ts. */
export const account = {
  ' and ': ' und ',
  ' or ': ' oder ',
  '· ends {at}': '· endet {at}',
  '· tried {ago}': '· ausprobiert {ago}',
  '“Sign in with …”': '„Anmelden mit …“',
  '{address} · seen {ago} · since {at}': '{address} · gesehen {ago} · seit {at}',
  '{browser} on Android': '{browser} unter Android',
  '{browser} on iOS': '{browser} unter iOS',
  '{browser} on Linux': '{browser} unter Linux',
  '{browser} on macOS': '{browser} unter macOS',
  '{browser} on Windows': '{browser} unter Windows',
  '{email}, not said to be verified': '{email}, nicht als bestätigt gemeldet',
  '{email}, verified': '{email}, bestätigt',
  '{n, plural, one {# container} other {# containers}}': '{n, plural, one {# Container} other {# Container}}',
  '{n, plural, one {# person is} other {# people are}} no longer known by it. Sessions that it opened end at once, and the roles that followed from groups are gone.':
    '{n, plural, one {# Person wird} other {# Personen werden}} nicht mehr daran erkannt. Sitzungen, die darüber geöffnet wurden, enden sofort, und die Rollen aus Gruppen sind weg.',
  '{n, plural, one {# person} other {# people}}': '{n, plural, one {# Person} other {# Personen}}',
  '{n, plural, one {# recovery code is} other {# recovery codes are}} left, for when you do not have your device.':
    '{n, plural, one {# Notfallcode ist} other {# Notfallcodes sind}} übrig, für den Fall, dass Sie Ihr Gerät nicht haben.',
  '{name} was added. Now try it.': '{name} wurde hinzugefügt. Probieren Sie es jetzt aus.',
  '{name} was disconnected.': '{name} wurde getrennt.',
  '{name} was removed.': '{name} wurde entfernt.',
  '{name} works no more.': '{name} gilt nicht mehr.',
  '<b>Keep these recovery codes.</b> Each signs you in once instead of a code, should your phone be lost. They are shown only now.':
    '<b>Bewahren Sie diese Notfallcodes auf.</b> Jeder gilt bei der Anmeldung einmal anstelle eines Codes, falls Ihr Telefon verloren geht. Sie werden nur jetzt gezeigt.',
  '<b>On.</b> A sign-in asks for a code of your authenticator app, since {at}.':
    '<b>An.</b> Bei der Anmeldung wird ein Code Ihrer Authenticator-App verlangt, seit {at}.',
  '30 days': '30 Tage',
  '90 days': '90 Tage',
  'A button on the sign-in page of the panel’s own name leads to a service that knows your people. Roles can follow from their groups there, at each sign-in.':
    'Eine Schaltfläche auf der Anmeldeseite unter dem eigenen Namen des Panels führt zu einem Dienst, der Ihre Leute kennt. Aus ihren Gruppen dort können Rollen folgen, bei jeder Anmeldung.',
  'A button on the sign-in page of your names leads to a service that knows your people. Roles can follow from their groups there, at each sign-in.':
    'Eine Schaltfläche auf der Anmeldeseite unter Ihren Hostnamen führt zu einem Dienst, der Ihre Leute kennt. Aus ihren Gruppen dort können Rollen folgen, bei jeder Anmeldung.',
  'A key in your phone, computer or stick, unlocked there by finger, face or PIN. It signs in without a password, works on this panel alone, and cannot be typed into a false one.':
    'Ein Schlüssel in Ihrem Telefon, Computer oder Stick, dort entsperrt mit Finger, Gesicht oder PIN. Er meldet ohne Passwort an, gilt nur für dieses Panel und lässt sich nicht in ein gefälschtes eintippen.',
  'A program such as the command line shows a code of eight letters. Type it here.':
    'Ein Programm wie die Kommandozeile zeigt einen Code aus acht Buchstaben. Geben Sie ihn hier ein.',
  'A role of its own': 'Eine eigene Rolle',
  'A second factor was shown there, and is believed.': 'Dort wurde ein zweiter Faktor gezeigt, und ihm wird geglaubt.',
  'A token never does more than you may, and goes when you go.':
    'Ein Token kann nie mehr, als Sie dürfen, und geht, wenn Sie gehen.',
  'A webhook is an https address that is told when an operation succeeds, fails, is cancelled or gets stuck.':
    'Ein Webhook ist eine https-Adresse, die erfährt, wenn ein Vorgang gelingt, scheitert, abgebrochen wird oder hängen bleibt.',
  'A year': 'Ein Jahr',
  'accounts, with roles given by hand, passwords and passkeys. Who has none asks for a password by mail.':
    'Konten mit von Hand vergebenen Rollen, Passwörtern und Passkeys. Wer nichts davon hat, fordert per E-Mail ein Passwort an.',
  'Add a group': 'Gruppe hinzufügen',
  'Add a passkey': 'Passkey hinzufügen',
  'Add a provider': 'Anbieter hinzufügen',
  'Addresses or networks such as 192.0.2.0/24. Empty: from anywhere.':
    'Adressen oder Netze wie 192.0.2.0/24. Leer: von überall.',
  'all it may': 'alles, was das Dienstkonto darf',
  'All that it reaches': 'Alle, die das Dienstkonto erreicht',
  'All that you reach': 'Alle, die Sie erreichen',
  'all you may': 'alles, was Sie dürfen',
  'An account with the same verified address is theirs': 'Ein Konto mit derselben bestätigten Adresse gehört ihnen',
  'And, where it knows back-channel logout, so that signing out there ends it here:':
    'Und, wenn er Back-Channel-Logout kennt, damit eine Abmeldung dort auch hier gilt:',
  'Another phone': 'Anderes Telefon',
  'Another phone…': 'Anderes Telefon…',
  'are refused': 'werden abgewiesen',
  'As {email}.': 'Als {email}.',
  'Ask for a new link': 'Neuen Link anfordern',
  'Asked of you by: {why}.': 'Verlangt von: {why}.',
  'Asks from': 'Fragt von',
  'At least 10 characters. Everybody else signed in as you is signed out.':
    'Mindestens 10 Zeichen. Wer sonst noch als Sie angemeldet ist, wird abgemeldet.',
  'At least 10 characters. Length counts, special characters need not be.':
    'Mindestens 10 Zeichen. Die Länge zählt, Sonderzeichen müssen nicht sein.',
  'At which containers': 'Bei welchen Containern',
  'Back to the sign-in': 'Zurück zur Anmeldung',
  'Begin again': 'Von vorn beginnen',
  'Change password': 'Passwort ändern',
  'Choose a container first.': 'Wählen Sie zuerst einen Container.',
  'Choose a password': 'Wählen Sie ein Passwort',
  'Claim with the groups': 'Claim mit den Gruppen',
  'Client id': 'Client-ID',
  'Client secret': 'Client-Geheimnis',
  'Close this window and try again: sign in as the same person, and not by a session that was open already.':
    'Schließen Sie dieses Fenster und versuchen Sie es noch einmal: Melden Sie sich als dieselbe Person an, und nicht mit einer Sitzung, die schon offen war.',
  'Code of the present app': 'Code der jetzigen App',
  Confirm: 'Bestätigen',
  'Connect {name}': '{name} verbinden',
  Disconnect: 'Trennen',
  'Disconnect {name}': '{name} trennen',
  'Disconnect {name}?': '{name} trennen?',
  'Disconnect…': 'Trennen…',
  'Dots lead into objects. Empty: no roles follow.': 'Punkte führen in Objekte hinein. Leer: Es folgen keine Rollen.',
  End: 'Beenden',
  'End the session on {device} from {address}': 'Sitzung auf {device} von {address} beenden',
  'For a script or a program that speaks to the API.': 'Für ein Skript oder ein Programm, das mit der API spricht.',
  'For how long': 'Für wie lange',
  'For the account the link was mailed to.': 'Für das Konto, an das der Link geschickt wurde.',
  'For whoever is connected. Administrators and resellers made by hand keep theirs, for the day on which the provider is gone.':
    'Für alle, die verbunden sind. Von Hand angelegte Administratoren und Reseller behalten ihre, für den Tag, an dem es den Anbieter nicht mehr gibt.',
  'For your own staff who are connected. Owners made by hand keep theirs, for the day on which the provider is gone.':
    'Für Ihr eigenes Personal, soweit verbunden. Von Hand angelegte Inhaber behalten ihre, für den Tag, an dem es den Anbieter nicht mehr gibt.',
  'Forgot your password?': 'Passwort vergessen?',
  'Forgotten password': 'Passwort vergessen',
  'from {addresses}': 'von {addresses}',
  'From where': 'Von wo aus',
  'get one, if a group of theirs has a role': 'bekommen eines, wenn eine ihrer Gruppen eine Rolle hat',
  'Go on': 'Weiter',
  'Go to the sign-in': 'Zur Anmeldung',
  'Groups: {names}': 'Gruppen: {names}',
  'Groups: none': 'Gruppen: keine',
  'How the panel makes sure that it is you.': 'Woran das Panel erkennt, dass Sie es sind.',
  'I have it': 'Ich habe ihn',
  'I have kept them': 'Ich habe sie aufbewahrt',
  'I have my phone': 'Ich habe mein Telefon',
  'I have one': 'Ich habe eine',
  'If <b>{email}</b> has an account, a link is on its way. It works once.':
    'Falls <b>{email}</b> ein Konto hat, ist ein Link unterwegs. Er gilt einmal.',
  Invitation: 'Einladung',
  'Is it still you?': 'Sind Sie es noch?',
  Issuer: 'Aussteller (Issuer)',
  'It has been a while since you signed in, and this is not easily taken back.':
    'Ihre Anmeldung ist eine Weile her, und dies lässt sich nicht leicht zurücknehmen.',
  'It holds from the next sign-in on.': 'Es gilt von der nächsten Anmeldung an.',
  'It is asked of you: {why}.': 'Er wird von Ihnen verlangt: {why}.',
  'It is shown only now. Put it where the script finds it and nobody else does.':
    'Er wird nur jetzt gezeigt. Legen Sie ihn dorthin, wo das Skript ihn findet und sonst niemand.',
  'It is still you': 'Sie sind es',
  'It may be on a private network': 'Er darf in einem privaten Netz sein',
  'It signs in no more. Remove it in the device too, so that it is not offered there.':
    'Er meldet dann nicht mehr an. Entfernen Sie ihn auch im Gerät, damit er dort nicht mehr angeboten wird.',
  'It signs you in no more, roles that followed from your groups there go, and other sessions that it opened end. You can connect it again.':
    'Die Anmeldung darüber ist nicht mehr möglich, Rollen aus Ihren Gruppen dort entfallen, und andere Sitzungen, die darüber geöffnet wurden, enden. Sie können die Verbindung wiederherstellen.',
  'It stays: people are known by it.': 'Bleibt so: Daran werden Personen erkannt.',
  'It was not connected: the provider’s answer did not fit, or came into another session.':
    'Nicht verbunden: Die Antwort des Anbieters passte nicht oder kam in einer anderen Sitzung an.',
  'It was not connected: whoever signed in there is connected with another account, or you are with somebody else.':
    'Nicht verbunden: Wer sich dort angemeldet hat, ist mit einem anderen Konto verbunden, oder Sie sind es mit jemand anderem.',
  'It was not connected: you belong, or have a role, where this provider has nothing to say.':
    'Nicht verbunden: Sie gehören zu etwas, worüber dieser Anbieter nichts zu sagen hat, oder haben dort eine Rolle.',
  'It was used, taken back, or is too old. Ask whoever sent it for a new one.':
    'Sie wurde angenommen, zurückgenommen oder ist zu alt. Bitten Sie um eine neue, wo diese herkam.',
  'It works': 'Es funktioniert',
  'Its word for a second factor': 'Sein Wort für einen zweiten Faktor',
  Join: 'Beitreten',
  'Join {account}': '{account} beitreten',
  'Kept sealed, and never shown.': 'Wird versiegelt aufbewahrt und nie gezeigt.',
  'Left empty, the one there is stays.': 'Bleibt das Feld leer, gilt das bisherige weiter.',
  'Let a program in': 'Programm zulassen',
  'Let it in': 'Zulassen',
  'Lost a device, or in doubt? This ends every session, this one too.':
    'Ein Gerät verloren, oder im Zweifel? Dies beendet alle Sitzungen, auch diese.',
  'Lost your phone?': 'Telefon verloren?',
  'Make new ones': 'Neue erstellen',
  'Make the token': 'Token erstellen',
  'Name on the button': 'Name auf der Schaltfläche',
  'never used': 'nie benutzt',
  'New password': 'Neues Passwort',
  'New recovery codes': 'Neue Notfallcodes',
  'New recovery codes…': 'Neue Notfallcodes…',
  'New token': 'Neuer Token',
  'New token of {name}': 'Neuer Token von {name}',
  'No camera? Type this key:': 'Keine Kamera? Geben Sie diesen Schlüssel ein:',
  'No code is asked for from then on, whoever says that it is you. Without a passkey the recovery codes go too.':
    'Von da an wird kein Code verlangt, wer auch immer sagt, dass Sie es sind. Ohne Passkey gelten auch die Notfallcodes nicht mehr.',
  'No code is asked for from then on. Without a passkey your password alone signs you in, you and whoever learns it, and the recovery codes go too.':
    'Von da an wird kein Code mehr verlangt. Ohne Passkey genügt dann Ihr Passwort zur Anmeldung, für Sie und für jeden, der es erfährt, und auch die Notfallcodes sind weg.',
  'no group': 'keiner Gruppe',
  'No password or passkey besides': 'Kein Passwort oder Passkey daneben',
  'No recovery code either? Ask your provider: an administrator can take the second factor.':
    'Auch kein Notfallcode? Fragen Sie Ihren Anbieter: Ein Administrator kann den zweiten Faktor entfernen.',
  'No recovery code is left: if you lose your device, only an administrator lets you in again. Make new ones.':
    'Es ist kein Notfallcode übrig: Wenn Sie Ihr Gerät verlieren, lässt Sie nur ein Administrator wieder hinein. Erstellen Sie neue.',
  'No second factor that is believed.': 'Kein zweiter Faktor, dem geglaubt wird.',
  'No webhooks yet': 'Noch keine Webhooks',
  'None yet: prove a host name first.': 'Noch keine: Weisen Sie zuerst einen Hostnamen nach.',
  'none: set up anew, everybody is connected anew.': 'nicht möglich: Neu eingerichtet, müssen sich alle neu verbinden.',
  'Nothing there after a few minutes? Look into the spam folder, then ask your provider.':
    'Nach einigen Minuten noch nichts da? Sehen Sie im Spam-Ordner nach, und fragen Sie dann Ihren Anbieter.',
  'Nothing yet.': 'Noch nichts.',
  'Now your second factor': 'Jetzt Ihr zweiter Faktor',
  'Of your authenticator app, or a recovery code.': 'Aus Ihrer Authenticator-App, oder ein Notfallcode.',
  'Of your authenticator app, or one of the old recovery codes.':
    'Aus Ihrer Authenticator-App, oder einer der alten Notfallcodes.',
  'Of your own staff, at their first sign-in, if it has no second factor. Your tenants’ people always connect it themselves.':
    'Nur Konten Ihres eigenen Personals, bei der ersten Anmeldung, wenn sie keinen zweiten Faktor haben. Die Leute Ihrer Kunden verbinden es immer selbst.',
  'Of your staff, at their first sign-in, if it has no second factor. Tenants’ people always connect it themselves, on their security page.':
    'Nur Konten Ihres Personals, bei der ersten Anmeldung, wenn sie keinen zweiten Faktor haben. Die Leute von Kunden verbinden es immer selbst, auf ihrer Seite „Sicherheit“.',
  off: 'aus',
  on: 'an',
  On: 'An',
  'One more thing first': 'Vorher noch eines',
  'One of those you kept when you set up the app. Each works once.':
    'Einer von denen, die Sie beim Einrichten der App aufbewahrt haben. Jeder gilt einmal.',
  'only as under the name where it was made': 'nur wie unter dem Namen, unter dem er erstellt wurde',
  'Open it from the mail again, or ask for a new one.':
    'Öffnen Sie ihn noch einmal aus der E-Mail, oder fordern Sie einen neuen an.',
  or: 'oder',
  'Or a code': 'Oder ein Code',
  'Or a passkey: a key in this device, unlocked by finger, face or PIN.':
    'Oder ein Passkey: ein Schlüssel in diesem Gerät, entsperrt mit Finger, Gesicht oder PIN.',
  'Or a recovery code, if you do not have the phone any more.':
    'Oder ein Notfallcode, wenn Sie das Telefon nicht mehr haben.',
  'Otherwise the panel goes to addresses on the internet alone.':
    'Sonst spricht das Panel nur mit Adressen im Internet.',
  Over: 'Gilt für',
  Passkeys: 'Passkeys',
  'Passkeys need a panel that is reached by a host name and TLS.':
    'Passkeys brauchen ein Panel, das über einen Hostnamen und TLS erreicht wird.',
  'Password and sessions': 'Passwort und Sitzungen',
  'Password changed. All other sessions have ended.': 'Passwort geändert. Alle anderen Sitzungen sind beendet.',
  'People without an account here': 'Personen ohne Konto hier',
  'Present password': 'Derzeitiges Passwort',
  Program: 'Programm',
  'Programs elsewhere that are told when an operation ends. What they hear is signed.':
    'Andere Programme, die erfahren, wenn ein Vorgang endet. Was sie erfahren, ist signiert.',
  'QR code for your authenticator app': 'QR-Code für Ihre Authenticator-App',
  'Recovery code': 'Notfallcode',
  'Recovery codes': 'Notfallcodes',
  'Register there as redirect addresses:': 'Registrieren Sie dort als Weiterleitungsadressen:',
  'Remove {name}': '{name} entfernen',
  'Remove the passkey {name}': 'Passkey {name} entfernen',
  'Remove the row of {group}': 'Zeile von {group} entfernen',
  Revoke: 'Widerrufen',
  'Revoke the token {name}': 'Token {name} widerrufen',
  'Rights such as container.start, backup.create. Empty: all that it may.':
    'Rechte wie container.start, backup.create. Leer: alles, was das Dienstkonto darf.',
  'Rights such as container.start, backup.create. Empty: all that you may.':
    'Rechte wie container.start, backup.create. Leer: alles, was Sie dürfen.',
  'Roles that follow from groups': 'Rollen, die aus Gruppen folgen',
  'Roles that follow: {names}': 'Rollen, die folgen: {names}',
  'Roles that follow: none': 'Rollen, die folgen: keine',
  'Save as a file': 'Als Datei speichern',
  'Scan the picture with the app, and type the six digits that it shows.':
    'Scannen Sie das Bild mit der App, und geben Sie die sechs Ziffern ein, die sie zeigt.',
  Scopes: 'Scopes',
  'Second factor': 'Zweiter Faktor',
  'Send me a link': 'Link schicken',
  'Set a new password': 'Neues Passwort setzen',
  'Set a password': 'Passwort setzen',
  'Set password': 'Passwort setzen',
  'Set up a second factor': 'Zweiten Faktor einrichten',
  'Set up an authenticator app': 'Authenticator-App einrichten',
  'Set your password': 'Setzen Sie Ihr Passwort',
  'Sign in': 'Anmelden',
  'Sign in again with {name}': 'Noch einmal anmelden mit {name}',
  'Sign in by the link': 'Mit dem Link anmelden',
  'Sign in with {name}': 'Anmelden mit {name}',
  'Sign in with a password': 'Mit Passwort anmelden',
  'Sign out everywhere': 'Überall abmelden',
  'Sign-in elsewhere (OpenID Connect)': 'Anmeldung über andere (OpenID Connect)',
  'Signed in on': 'Angemeldet auf',
  'Signing in elsewhere': 'Anmeldung über andere',
  'Signing you in …': 'Sie werden angemeldet …',
  Since: 'Seit',
  'since {at}': 'seit {at}',
  'since {at} · never used': 'seit {at} · nie benutzt',
  'since {at} · used {ago}': 'seit {at} · benutzt {ago}',
  'Some of them': 'Einige davon',
  'Somebody else': 'Jemand anderes',
  'Stay as you are': 'So bleiben',
  'That sign-in does not open an account here. Sign in another way, or ask whoever gave you the account.':
    'Diese Anmeldung öffnet hier kein Konto. Melden Sie sich anders an, oder fragen Sie dort, wo Sie Ihr Konto bekommen haben.',
  'That took too long, or was done already. Begin again.':
    'Das hat zu lange gedauert oder war schon erledigt. Beginnen Sie noch einmal.',
  'That was not you, or not anew': 'Das waren nicht Sie, oder die Anmeldung war nicht neu',
  'The browser asks next where to keep it.': 'Als Nächstes fragt der Browser, wo er aufbewahrt werden soll.',
  'The code is the six digits of your authenticator app, if you have set one up.':
    'Der Code sind die sechs Ziffern aus Ihrer Authenticator-App, wenn Sie eine eingerichtet haben.',
  'The device gave no passkey': 'Das Gerät hat keinen Passkey geliefert',
  'The installation': 'Die Installation',
  'the key': 'den Schlüssel',
  'the logout address': 'die Abmeldeadresse',
  'The passkey was added.': 'Der Passkey wurde hinzugefügt.',
  'The passkey works': 'Der Passkey funktioniert',
  'The password fits. Now a code of your authenticator app, or your passkey.':
    'Das Passwort stimmt. Nun ein Code Ihrer Authenticator-App oder Ihr Passkey.',
  'The password fits. Now show that you have your phone too.':
    'Das Passwort stimmt. Zeigen Sie jetzt, dass Sie auch Ihr Telefon haben.',
  'The password fits. Now show that you have your recovery codes too.':
    'Das Passwort stimmt. Zeigen Sie jetzt, dass Sie auch Ihre Notfallcodes haben.',
  'The program is signed in as you. You can close this page and go back to it.':
    'Das Programm ist als Sie angemeldet. Sie können diese Seite schließen und zu ihm zurückkehren.',
  'The program was turned away. Nothing was given to it.': 'Das Programm wurde abgewiesen. Es hat nichts bekommen.',
  'the redirect address': 'die Weiterleitungsadresse',
  'The second factor is off.': 'Der zweite Faktor ist abgeschaltet.',
  'The six digits of your authenticator app, or one of your recovery codes. A passkey signs in by itself, from the first page.':
    'Die sechs Ziffern aus Ihrer Authenticator-App, oder einer Ihrer Notfallcodes. Ein Passkey meldet allein an, von der ersten Seite aus.',
  'The six digits that your authenticator app shows for this panel.':
    'Die sechs Ziffern, die Ihre Authenticator-App für dieses Panel zeigt.',
  'the token': 'den Token',
  'This device has a passkey for your account already': 'Dieses Gerät hat schon einen Passkey für Ihr Konto',
  'This invitation is over': 'Diese Einladung gilt nicht mehr',
  'This is a private key. Keep it to yourself; paste the file that ends in .pub.':
    'Das ist ein privater Schlüssel. Behalten Sie ihn für sich; fügen Sie die Datei ein, die auf .pub endet.',
  'This is not a public key: it begins with its type, such as ssh-ed25519.':
    'Das ist kein öffentlicher Schlüssel: Ein solcher beginnt mit seiner Art, etwa ssh-ed25519.',
  'This link is not whole': 'Dieser Link ist nicht vollständig',
  'This link signs you in as the owner of a service, and signs you out here.':
    'Dieser Link meldet Sie als Inhaber eines Dienstes an und meldet Sie hier ab.',
  'this one': 'in Benutzung',
  'This person would be refused': 'Diese Person würde abgewiesen',
  'This program asks to be signed in as you, for 90 days. It could do everything you can. Go on only if you have just started it yourself and it shows the code {code}.':
    'Dieses Programm möchte für 90 Tage als Sie angemeldet sein. Es könnte alles, was Sie können. Fahren Sie nur fort, wenn Sie es gerade selbst gestartet haben und es den Code {code} zeigt.',
  'Those with a label': 'Solche mit einem Label',
  'Those you have now will work no more.': 'Die jetzigen gelten dann nicht mehr.',
  'Tokens for scripts': 'Token für Skripte',
  'Try {name}': '{name} ausprobieren',
  'Try again, or sign in with your password.':
    'Versuchen Sie es noch einmal, oder melden Sie sich mit Ihrem Passwort an.',
  Try: 'Ausprobieren',
  'Turn it away': 'Abweisen',
  'Turn off': 'Abschalten',
  'Turn off…': 'Abschalten…',
  'Turn the second factor off?': 'Zweiten Faktor abschalten?',
  'Turned off, sessions that it opened end.': 'Abgeschaltet enden Sitzungen, die darüber geöffnet wurden.',
  'Unknown program': 'Unbekanntes Programm',
  'Until it is revoked': 'Bis er widerrufen wird',
  'Use a passkey': 'Passkey verwenden',
  'used {ago}': 'benutzt {ago}',
  'Values of amr or acr that are believed: whoever comes with one is not asked for a second factor here. Empty: none is.':
    'Werte von amr oder acr, denen geglaubt wird: Wer damit kommt, wird hier nicht nach einem zweiten Faktor gefragt. Leer: keinem.',
  'We know who you are. Show that you have your phone too.':
    'Wir wissen, wer Sie sind. Zeigen Sie noch, dass Sie auch Ihr Telefon haben.',
  'We mail you a link with which you can.': 'Dafür schicken wir Ihnen einen Link per E-Mail.',
  'What carries one of them when the token is used, of what it reaches then.':
    'Was eines davon trägt, wenn der Token benutzt wird, soweit das Dienstkonto es dann erreicht.',
  'What carries one of them when the token is used, of what you reach then.':
    'Was eines davon trägt, wenn der Token benutzt wird, soweit Sie es dann erreichen.',
  'what is labelled {labels}': 'was das Label {labels} hat',
  'What it asks for is on the page where you register the panel as its client.':
    'Was hier gefragt ist, steht auf der Seite, auf der Sie das Panel dort als Client registrieren.',
  'What it is for': 'Wofür er ist',
  'What it may do': 'Was er darf',
  'What it was told': 'Was er erfahren hat',
  'What you call it': 'Wie Sie ihn nennen',
  'Whoever is you there is you here: connect only what you trust as much as your password.':
    'Wer dort Sie ist, ist auch hier Sie: Verbinden Sie nur, wem Sie so vertrauen wie Ihrem Passwort.',
  'What you have already stays as it is.': 'Was Sie schon haben, bleibt, wie es ist.',
  'Why: {problem}.': 'Warum: {problem}.',
  You: 'Sie',
  'With one, your password alone signs you in no more.':
    'Mit einem Passkey genügt Ihr Passwort allein nicht mehr zur Anmeldung.',
  'You are signed in as {email}.': 'Sie sind als {email} angemeldet.',
  'You are signed in as {email}. A second factor is asked for by {by}: until it is set up, nothing else is open.':
    'Sie sind als {email} angemeldet. Von {by} wird ein zweiter Faktor verlangt: Bis er eingerichtet ist, ist nichts anderes zugänglich.',
  'You are signed in as {email}. Your account asks for a second factor: until it is set up, nothing else is open.':
    'Sie sind als {email} angemeldet. Ihr Konto verlangt einen zweiten Faktor: Bis er eingerichtet ist, ist nichts anderes zugänglich.',
  'You can close this window. What you were about to do goes on in the other.':
    'Sie können dieses Fenster schließen. Was Sie vorhatten, geht im anderen weiter.',
  'You are signed in as {email}. Sign out, then open the invitation again.':
    'Sie sind als {email} angemeldet. Melden Sie sich ab und öffnen Sie die Einladung dann noch einmal.',
  'You have an account already. Sign in as always, then join.':
    'Sie haben schon ein Konto. Melden Sie sich an wie immer, und treten Sie dann bei.',
  'You have no password: another service says that it is you, and that is all it takes. With a second factor, whoever is you there still is not here: a code of an app on your phone is asked for too.':
    'Sie haben kein Passwort: Ein anderer Dienst sagt, dass Sie es sind, und das genügt. Mit einem zweiten Faktor ist noch nicht Sie, wer dort Sie ist: Verlangt wird dann auch ein Code einer App auf Ihrem Telefon.',
  'You need an authenticator app on your phone, such as Aegis, 2FAS, Google Authenticator, or your password manager. From then on a sign-in takes your password and a code of it.':
    'Sie brauchen eine Authenticator-App auf Ihrem Telefon, etwa Aegis, 2FAS oder Google Authenticator, oder Ihren Passwortmanager. Von da an braucht eine Anmeldung Ihr Passwort und einen Code daraus.',
  'Your name': 'Ihr Name',
  'Your passkeys are your second factor. An authenticator app is another way in, where they are not at hand.':
    'Ihre Passkeys sind Ihr zweiter Faktor. Eine Authenticator-App ist ein weiterer Weg hinein, wo Sie sie nicht zur Hand haben.',
  'Your passkeys are your second factor: the password alone signs you in no more. An authenticator app is another way in, where they are not at hand.':
    'Ihre Passkeys sind Ihr zweiter Faktor: Mit dem Passwort allein meldet man sich nicht mehr an. Eine Authenticator-App ist ein weiterer Weg, wenn kein Passkey zur Hand ist.',
  'Your password is all it takes to sign in as you. With a second factor, whoever learns it still cannot: a code of an app on your phone is asked for too.':
    'Ihr Passwort genügt, um sich als Sie anzumelden. Mit einem zweiten Faktor kann das auch niemand, der es erfährt: Verlangt wird dann auch ein Code einer App auf Ihrem Telefon.',
  'Your password is set. Sign in with it; all other sessions have ended. A second factor stays as it was.':
    'Ihr Passwort ist gesetzt. Melden Sie sich damit an; alle anderen Sitzungen sind beendet. Ein zweiter Faktor bleibt, wie er war.',
  'Your password, or a code': 'Ihr Passwort oder ein Code',
  'your role ({name})': 'Ihrer Rolle ({name})',
} as const satisfies Record<string, string>;
