/** Accounts, sign-in, people and webhooks. See all.ts. */
export const accountProblems = {
  'An account has at most {n} roles of its own.': 'Ein Konto hat höchstens {n} eigene Rollen.',
  'Delete a role that is not needed.': 'Löschen Sie eine Rolle, die nicht gebraucht wird.',
  'a container that is gone': 'einen Container, den es nicht mehr gibt',
  'A file may have 5 MB.': 'Eine Datei darf 5 MB haben.',
  'A logout token is shorter.': 'Ein Abmelde-Token ist kürzer.',
  'A reseller’s provider signs this person in, so they can have no role elsewhere.':
    'Der Anmeldedienst eines Resellers meldet diese Person an, also kann sie anderswo keine Rolle haben.',
  'A second factor is asked of you, and you have none yet.':
    'Von Ihnen wird ein zweiter Faktor verlangt, und Sie haben noch keinen.',
  'A second factor is asked of you: {name}.': 'Von Ihnen wird ein zweiter Faktor verlangt: {name}.',
  'an account': 'ein Konto',
  'An account has at most {n} webhooks.': 'Ein Konto hat höchstens {n} Webhooks.',
  'An account has {n} members at most.':
    'Ein Konto hat höchstens {n, plural, one {ein Mitglied} other {# Mitglieder}}.',
  'an account of theirs has as many people as it can have': 'ein Konto hat schon so viele Personen, wie es haben kann',
  'An Idempotency-Key has 1 to 200 printable characters without spaces.':
    'Ein Idempotency-Key hat 1 bis 200 druckbare Zeichen ohne Leerzeichen.',
  'answered with status {status}': 'er antwortete mit Status {status}',
  'Ask again with the same key in a moment.': 'Versuchen Sie es gleich noch einmal mit demselben Schlüssel.',
  'Ask for a new one.': 'Bitten Sie um einen neuen.',
  'Begin again from the sign-in page.': 'Beginnen Sie auf der Anmeldeseite von vorn.',
  'Begin again.': 'Beginnen Sie von vorn.',
  'could not be reached': 'er war nicht zu erreichen',
  'Delete one that is not needed.': 'Löschen Sie einen, der nicht gebraucht wird.',
  'did not answer in time': 'er antwortete nicht rechtzeitig',
  'Do this in a browser, where you are signed in.': 'Tun Sie das in einem Browser, in dem Sie angemeldet sind.',
  'Go back to where it came from and ask for a new one.':
    'Gehen Sie dorthin zurück, woher er kam, und bitten Sie um einen neuen.',
  'If you can read this and the signature fits, it works.':
    'Wenn Sie das lesen können und die Unterschrift stimmt, funktioniert es.',
  'It could not be reached': 'Er war nicht zu erreichen',
  'It did not answer in time': 'Er hat nicht rechtzeitig geantwortet',
  'It gave no answer': 'Er gab keine Antwort',
  'It has been a while since you signed in: show again that it is you.':
    'Ihre Anmeldung liegt eine Weile zurück: zeigen Sie noch einmal, dass Sie es sind.',
  'It was ended before it was through; what it had done is done.':
    'Es wurde vor seinem Ende beendet; was bis dahin getan war, ist getan.',
  'It is offered under the reseller’s names: try it under one of those.':
    'Er wird unter den Namen des Resellers angeboten: probieren Sie ihn unter einem davon.',
  'It made somebody the last owner of an account.': 'Er hat jemanden zum letzten Inhaber eines Kontos gemacht.',
  'Its certificate is not valid': 'Sein Zertifikat ist nicht gültig',
  'its certificate is not valid': 'sein Zertifikat ist nicht gültig',
  'Its name is not known': 'Sein Name ist nicht bekannt',
  'its name is not known': 'sein Name ist nicht bekannt',
  'Look whether it was done; if not, ask again with a new key.':
    'Sehen Sie nach, ob es getan wurde; wenn nicht, versuchen Sie es mit einem neuen Schlüssel.',
  'Make somebody an owner there by hand first.': 'Machen Sie dort zuerst von Hand jemanden zum Inhaber.',
  'Make somebody else an owner first.': 'Machen Sie zuerst jemand anderen zum Inhaber.',
  'No program waits under this code. It may be too old.':
    'Unter diesem Code wartet kein Programm. Vielleicht ist er zu alt.',
  'No role allows it here. There is: {rolesSaid}.': 'Hier erlaubt es keine Rolle. Es gibt: {rolesSaid}.',
  'no role at all': 'gar keine Rolle',
  'Nobody can give what they do not have: {rightsSaid}.': 'Niemand kann geben, was er nicht hat: {rightsSaid}.',
  'Nothing waits to be confirmed, or it has waited too long.':
    'Es wartet nichts auf Bestätigung, oder es hat zu lange gewartet.',
  'Now the code of your authenticator app.': 'Jetzt der Code Ihrer Authenticator-App.',
  'One of these roles has just been deleted.': 'Eine dieser Rollen ist gerade gelöscht worden.',
  'Revoke one first.': 'Widerrufen Sie zuerst eines.',
  'Send JSON as application/json.': 'Senden Sie JSON als application/json.',
  'Send your password, or a code, to POST /api/v1/me/proof and ask again.':
    'Senden Sie Ihr Passwort oder einen Code an POST /api/v1/me/proof und versuchen Sie es dann wieder.',
  'Set a password first: “Forgot your password?” on the sign-in page does.':
    'Setzen Sie zuerst ein Passwort: „Passwort vergessen?“ auf der Anmeldeseite tut das.',
  'Set another one up first.': 'Richten Sie zuerst einen anderen ein.',
  'Set one up on your account’s security page first.':
    'Richten Sie zuerst einen auf der Sicherheitsseite Ihres Kontos ein.',
  'Sign in as it, then open the invitation again.':
    'Melden Sie sich damit an und öffnen Sie die Einladung dann noch einmal.',
  'Sign in at {address} and open it there.': 'Melden Sie sich unter {address} an und öffnen Sie sie dort.',
  'Sign out, and open it again.': 'Melden Sie sich ab und öffnen Sie sie noch einmal.',
  'Sign in again with your provider, and ask again.':
    'Melden Sie sich noch einmal bei Ihrem Anmeldedienst an und versuchen Sie es dann wieder.',
  'Sign in with a browser and set it up.': 'Melden Sie sich mit einem Browser an und richten Sie ihn ein.',
  'Sign in with password and code.': 'Melden Sie sich mit Passwort und Code an.',
  'Somebody else has changed it since you read it. Read it again, and decide anew.':
    'Jemand anderes hat es geändert, seit Sie es gelesen haben. Lesen Sie es noch einmal und entscheiden Sie neu.',
  'That took too long, or was done already.': 'Das hat zu lange gedauert oder ist schon geschehen.',
  'the account is disabled': 'das Konto ist gesperrt',
  'The account may, but not under this name.': 'Das Konto darf es, aber nicht unter diesem Namen.',
  'The account may, but this token was made for less.': 'Das Konto darf es, aber dieses Token ist für weniger gemacht.',
  'the account with this address has a second factor, and its person has not connected it':
    'das Konto mit dieser Adresse hat einen zweiten Faktor, und seine Person hat es nicht verbunden',
  'the account with this address is connected with somebody else there':
    'das Konto mit dieser Adresse ist dort mit jemand anderem verbunden',
  'The body is not JSON.': 'Der Inhalt ist kein JSON.',
  'The browser’s answer does not fit, or came too late.': 'Die Antwort des Browsers passt nicht oder kam zu spät.',
  'The code is not right, or was used before.': 'Der Code stimmt nicht oder wurde schon benutzt.',
  'The code is too old, or has been used.': 'Der Code ist zu alt oder wurde schon benutzt.',
  'The e-mail address and the password do not fit together.':
    'Die E-Mail-Adresse und das Passwort passen nicht zusammen.',
  'the installation': 'die Installation',
  'The panel was interrupted while it did this; whether it was done is not known.':
    'Das Panel wurde dabei unterbrochen; ob es getan wurde, ist nicht bekannt.',
  'the person belongs, or has a role, where this provider has nothing to say':
    'die Person gehört zu etwas oder hat eine Rolle, wo dieser Anmeldedienst nichts zu sagen hat',
  'the person has no role any more': 'die Person hat keine Rolle mehr',
  'The present password is not right.': 'Das jetzige Passwort stimmt nicht.',
  'the provider does not say that the address is verified':
    'der Anmeldedienst sagt nicht, dass die Adresse bestätigt ist',
  'The provider of this sign-in cannot be asked at the moment.': 'Der Anmeldedienst ist zurzeit nicht zu erreichen.',
  'The role may do what you may not, so somebody else has to decide about it.':
    'Die Rolle darf, was Sie nicht dürfen; darüber muss jemand anderes entscheiden.',
  'The role {roleSaid} over {overSaid} allows it.': 'Die Rolle {roleSaid} über {overSaid} erlaubt es.',
  'The service account may do what you may not.': 'Das Dienstkonto darf, was Sie nicht dürfen.',
  'The webhook is turned off.': 'Der Webhook ist ausgeschaltet.',
  'The invitation is for somebody else than you are signed in as.':
    'Die Einladung gilt jemand anderem als dem Konto, mit dem Sie angemeldet sind.',
  'There are at most {n} of them.': 'Es gibt höchstens {n} davon.',
  'There is an account with this address.': 'Zu dieser Adresse gibt es ein Konto.',
  'There are {n} passkeys already.': 'Es gibt schon {n} Passkeys.',
  'There are {n} streams and consoles of yours open.': 'Sie haben {n} Verbindungen und Konsolen offen.',
  'There are {n} tokens already.': 'Es gibt schon {n} Tokens.',
  'There is a role of this title.': 'Eine Rolle dieses Namens gibt es schon.',
  'there is an account with this address, and its person has not connected it':
    'es gibt ein Konto mit dieser Adresse, und seine Person hat es nicht verbunden',
  'there is no account, and no group of theirs has a role here':
    'es gibt kein Konto, und keine ihrer Gruppen hat hier eine Rolle',
  'there is no account, and none is made for unknown people':
    'es gibt kein Konto, und für Unbekannte wird keines angelegt',
  'They belong to the account already. Change their roles instead.':
    'Diese Person gehört schon zum Konto. Ändern Sie stattdessen ihre Rollen.',
  'They can disconnect it on their account’s security page, or use another address.':
    'Sie kann ihn auf der Sicherheitsseite ihres Kontos trennen oder eine andere Adresse verwenden.',
  'They have no second factor.': 'Diese Person hat keinen zweiten Faktor.',
  'They may do what you may not, so somebody else has to decide about them.':
    'Diese Person darf, was Sie nicht dürfen; darüber muss jemand anderes entscheiden.',
  'This address cannot be used here.': 'Diese Adresse kann hier nicht verwendet werden.',
  'This address has just got an account.': 'Diese Adresse hat gerade ein Konto bekommen.',
  'This cannot be asked under a condition (If-Match).':
    'Das kann man nicht unter einer Bedingung verlangen (If-Match).',
  'This e-mail address already has an account, which is not one of your tenants’ owners.':
    'Diese E-Mail-Adresse hat schon ein Konto, das keinem Inhaber Ihrer Kunden gehört.',
  'This e-mail address already has an account.': 'Diese E-Mail-Adresse hat schon ein Konto.',
  'This invitation is not taken up under this name.': 'Diese Einladung wird nicht unter diesem Namen angenommen.',
  'This invitation was used, taken back, or is too old.':
    'Diese Einladung wurde benutzt, zurückgenommen oder ist zu alt.',
  'This is about the installation: a role over all of it is needed.':
    'Das betrifft die Installation: dafür braucht es eine Rolle über ihr Ganzes.',
  'This is no logout token of the provider.': 'Das ist kein Abmelde-Token des Anmeldedienstes.',
  'This is the last owner of the account.': 'Das ist der letzte Inhaber des Kontos.',
  'This link was used before or is too old.': 'Dieser Link wurde schon benutzt oder ist zu alt.',
  'This link was used before, or is too old.': 'Dieser Link wurde schon benutzt oder ist zu alt.',
  'This passkey is known already.': 'Dieser Passkey ist schon bekannt.',
  'This passkey is not known here, or its answer came too late.':
    'Dieser Passkey ist hier nicht bekannt, oder seine Antwort kam zu spät.',
  'This request does not come from the panel’s own pages.':
    'Diese Anfrage kommt nicht von den eigenen Seiten des Panels.',
  'This token was made for less: it does not change the account.':
    'Dieses Token ist für weniger gemacht: es ändert das Konto nicht.',
  'Too many attempts. Try again in {n} minutes.':
    'Zu viele Versuche. Versuchen Sie es in {n, plural, one {einer Minute} other {# Minuten}} wieder.',
  'Too many requests at once.': 'Zu viele Anfragen auf einmal.',
  'Try again from the beginning.': 'Versuchen Sie es von vorn.',
  'Try again in a few minutes, or sign in another way.':
    'Versuchen Sie es in ein paar Minuten noch einmal, oder melden Sie sich anders an.',
  'Turn it on first.': 'Schalten Sie ihn zuerst ein.',
  'Turned off by itself: it {problemSaid}.': 'Hat sich selbst ausgeschaltet: {problemSaid}.',
  'Use a new key for another request.': 'Verwenden Sie für eine andere Anfrage einen neuen Schlüssel.',
  'Wait for the next code, and see that the clock of your phone is right.':
    'Warten Sie auf den nächsten Code, und sehen Sie nach, ob die Uhr Ihres Telefons richtig geht.',
  'Without it you could not sign in any more.': 'Ohne ihn könnten Sie sich nicht mehr anmelden.',
  'You have no authenticator app.': 'Sie haben keine Authenticator-App.',
  'You have no password: show again that it is you.':
    'Sie haben kein Passwort: zeigen Sie noch einmal, dass Sie es sind.',
  'You have no second factor yourself.': 'Sie haben selbst keinen zweiten Faktor.',
  'You have no second factor.': 'Sie haben keinen zweiten Faktor.',
  'You may sign in by your provider alone, so it stays connected.':
    'Sie dürfen sich nur über Ihren Anmeldedienst anmelden, deshalb bleibt er verbunden.',
  'Your own second factor is turned off by password and code.':
    'Ihren eigenen zweiten Faktor schalten Sie mit Passwort und Code aus.',
  '{host} does not lead to an address on the internet': '{host} führt zu keiner Adresse im Internet',
  '… containers of {account} labelled {labels}': '… Container von {account} mit dem Label {labels}',
  '… {account} and its tenants': '… {account} und seine Kunden',
  '… {roleSaid} over {overSaid}': '… {roleSaid} über {overSaid}',
  'Mails leave through the provider’s server, whose name stands in their technical headers.':
    'E-Mails gehen über den Server des Anbieters, dessen Name in ihren technischen Kopfzeilen steht.',
  'There is no address that mails could come from.': 'Es gibt keine Adresse, von der E-Mails kommen könnten.',
  'Set the sender of mails first.': 'Setzen Sie zuerst den Absender der E-Mails.',
  'A key of {domain} waits for its record already.': 'Ein Schlüssel von {domain} wartet schon auf seinen Eintrag.',
  'Publish its record, or throw it away first.': 'Veröffentlichen Sie dessen Eintrag, oder werfen Sie ihn zuerst weg.',
  'A brand has at most {n} keys.': 'Eine Marke hat höchstens {n} Schlüssel.',
  'There is no TXT record {selector}._domainkey.{domain} with this value yet, or another key beside it.':
    'Es gibt noch keinen TXT-Eintrag {selector}._domainkey.{domain} mit diesem Wert, oder daneben einen anderen Schlüssel.',
  'is for staff whose role is over less than all': 'ist für Personal, dessen Rolle weniger als alles umfasst',
  'name a reseller of yours': 'nennen Sie einen Ihrer Reseller',
  'name a tenant of yours': 'nennen Sie einen Ihrer Kunden',
  'They belong to a customer’s account.': 'Diese Person gehört zum Konto eines Kunden.',
  'Staff of the provider need an address of their own.': 'Personal des Anbieters braucht eine eigene Adresse.',
  'This is the last administrator.': 'Das ist der letzte Administrator.',
  'Make somebody else one first.': 'Machen Sie zuerst jemand anderen dazu.',
  'The record {name} is gone: mails leave from the provider’s address, unsigned':
    'Der Eintrag {name} ist weg: E-Mails gehen ohne Signatur von der Adresse des Anbieters ab',
} as const satisfies Record<string, string>;
