/** Texts that are no rules: what a client may do about a problem, and parts of other texts. */
import type { Bilingual } from '../kernel/bilingual.js';

export const PHRASES = {
  none: { fr: 'aucun', en: 'none' },
  'more-violations': { fr: 'et {count} autres violations', en: 'and {count} more violations' },

  // Problems without a rule.
  'no-certificate': {
    fr: 'aucun certificat {id} : GET /v1/certificates en cherche',
    en: 'no certificate {id}: GET /v1/certificates searches for them',
  },
  'no-card': { fr: 'aucune carte visible ne porte le numéro {card}', en: 'no visible card has the number {card}' },
  'no-certificate-on-card': { fr: 'aucun certificat sur la carte {card}', en: 'no certificate on card {card}' },
  'no-certificate-of-holder': { fr: 'aucun certificat du porteur {holder}', en: 'no certificate of holder {holder}' },
  'no-webhook': {
    fr: 'aucun destinataire de webhooks {name} : pfcng webhook list ou GET /v1/webhooks les liste',
    en: 'no webhook endpoint {name}: pfcng webhook list or GET /v1/webhooks lists them',
  },
  'no-delivery': { fr: 'aucune livraison {id} à ce destinataire', en: 'no delivery {id} to this endpoint' },
  'no-cmp-profile': {
    fr: 'aucun profil ouvert à CMP ne porte le nom {profile} ; profils possibles : {profiles}',
    en: 'no profile that CMP may enrol has the name {profile}; the profiles are {profiles}',
  },
  'no-cmp-label': {
    fr: "{label} n'est pas une opération de CMP ; étiquettes possibles : {labels} (RFC 9483, 6.1)",
    en: '{label} is no operation of CMP; the labels are {labels} (RFC 9483 6.1)',
  },
  'cmp-paths': {
    fr: 'les messages CMP sont envoyés par POST à /.well-known/cmp ou à /.well-known/cmp/p/PROFIL',
    en: 'CMP messages are posted to /.well-known/cmp or to /.well-known/cmp/p/PROFILE',
  },
  'no-profile': { fr: 'aucun profil {id}', en: 'no profile {id}' },
  'no-ceremony': { fr: 'aucune cérémonie {id} dans cette installation', en: 'no ceremony {id} in this installation' },
  'no-audit-entry': { fr: "le journal d'audit n'a pas d'entrée {id}", en: 'the audit log has no entry {id}' },
  'no-account': { fr: 'aucun compte {id}', en: 'no account {id}' },
  'no-authority': {
    fr: 'aucune autorité de certification {id} : GET /v1/cas les liste',
    en: 'no certification authority {id}: GET /v1/cas lists them',
  },
  'root-crl-in-ceremony': {
    fr: "la LCR d'une AC racine est signée en cérémonie, pas ici",
    en: "a root's CRL is signed in a ceremony, not here",
  },
  'no-mass-revocation': { fr: 'aucune révocation en masse {id}', en: 'no mass revocation {id}' },
  'no-registration': { fr: 'aucun enregistrement {id}', en: 'no registration {id}' },
  'registrations-open': {
    fr: 'le compte a déjà {max} enregistrements ouverts, et c’est la limite : retirez ceux qui ne servent plus',
    en: 'the account has {max} open registrations already, which is the limit: withdraw those that are not needed',
  },
  'no-update': { fr: 'aucune mise à jour {id} de cette carte', en: 'no update {id} of this card' },
  'no-order': { fr: 'aucune commande {id}', en: 'no order {id}' },
  'no-approval': { fr: 'aucune demande à deux officiers {id}', en: 'no approval {id}' },
  'no-blocked-key': { fr: "aucun officier n'a bloqué la clé {id}", en: 'no officer has blocked the key {id}' },
  'no-campaign': { fr: 'aucune campagne {id}', en: 'no campaign {id}' },
  'no-card-in-campaign': {
    fr: "la carte {card} n'est pas dans la campagne",
    en: 'the card {card} is not in the campaign',
  },
  'no-class-with-list': {
    fr: "la campagne n'a pas de classe {class} dont la liste est à envoyer",
    en: 'the campaign has no class {class} whose cards are uploaded as a list',
  },
  'ticket-from': {
    fr: "la place de cette carte commence à {from} : revenez à ce moment-là, rien n'est perdu",
    en: 'the place of this card begins at {from}: come back then, nothing is lost',
  },
  'no-outcome': {
    fr: "la ligne {line} de la commande {id} n'existe pas, ou n'a pas encore de résultat",
    en: 'line {line} of the order {id} does not exist, or has no outcome yet',
  },
  'nothing-selected': {
    fr: "la sélection ne contient aucun certificat que ce compte voit et qui n'est pas révoqué",
    en: 'no certificate that this account sees and that is not revoked is selected',
  },
  'no-such-name': {
    fr: 'aucun nom ne contient le caractère U+0000',
    en: 'no name contains the character U+0000',
  },
  'paths-are-listed': {
    fr: '/openapi.json et /docs listent tous les chemins',
    en: '/openapi.json and /docs list all paths',
  },
  'slash-in-path': {
    fr: "la barre oblique d'un identifiant s'écrit %2F dans un chemin : {path}",
    en: 'the slash of an id is written as %2F in a path: {path}',
  },
  'similar-path': { fr: 'ce chemin-ci existe : {path}', en: 'this path exists: {path}' },
  'est-not-offered': {
    fr: 'les clés sont créées par leur porteur, et les demandes sont des PKCS#10 : utilisez simpleenroll',
    en: 'keys are made by their holder, and requests are PKCS#10: use simpleenroll',
  },
  'content-type': {
    fr: 'le type de contenu doit être {expected} ; reçu : {type}',
    en: 'the content type must be {expected}; received: {type}',
  },
  absent: { fr: 'absent', en: 'absent' },
  'clock-wrong/behind-mark': {
    fr: "L'horloge retarde de {seconds} s sur la dernière émission : rien n'est émis avant sa remise à l'heure ; le reste continue.",
    en: 'The clock is {seconds} s behind what was issued before: nothing is issued until it is right; the rest goes on.',
  },
  'clock-wrong/differs': {
    fr: "L'horloge de ce nœud diffère de {seconds} s de celle de la base de données : il n'émet rien avant sa mise à l'heure.",
    en: "The clock of this node differs by {seconds} s from the database's: it issues nothing until its clock is right.",
  },
  unexpected: {
    fr: 'une erreur inattendue ; le journal du service en donne le détail',
    en: 'an unexpected error; the log of the service has the details',
  },
  'no-certificate-made': { fr: "aucun certificat n'a été émis", en: 'no certificate was made' },
  'certificate-not-linted': {
    fr: "le certificat n'a pas satisfait aux contrôles internes ; rien n'a été signé",
    en: 'the certificate did not pass our own checks; nothing was signed',
  },
  'cmp-answer-not-signed': {
    fr: "le service de signature n'a pas signé la réponse CMP",
    en: 'the signer did not sign the CMP answer',
  },
  'certificate-not-signed': {
    fr: "le service de signature n'a pas signé les données préparées",
    en: 'the signer did not sign what was prepared',
  },
  'crl-not-linted': {
    fr: "la LCR n'a pas satisfait aux contrôles internes ; rien n'a été publié",
    en: 'the list did not pass our own checks; nothing was published',
  },
  'crl-not-verified': {
    fr: "la signature de la LCR n'est pas valide ; la LCR n'a pas été publiée",
    en: 'the signed list did not verify; it was not published',
  },
  'crl-not-written': {
    fr: "la LCR n'a pas pu être écrite ; la précédente reste en place",
    en: 'the list could not be written; the one before stays',
  },

  // What a client may do.
  'present-certificate': {
    fr: "Présentez le certificat client d'un compte lors de l'établissement de la session TLS.",
    en: 'Present the client certificate of an account in the TLS handshake.',
  },
  'body-bytes-max': {
    fr: 'Le corps est limité à {max} octets.',
    en: 'The body may have at most {max} bytes.',
  },
  'order-lines-max': {
    fr: 'Une commande est limitée à {max} lignes : répartissez les cartes sur plusieurs commandes.',
    en: 'An order may have at most {max} lines: distribute the cards over several orders.',
  },
  'account-limit/perHour': {
    fr: 'Ce compte reçoit au plus {max} certificats par heure : attendez la fin de l’heure (UTC).',
    en: 'This account is issued at most {max} certificates an hour: wait for the end of the hour (UTC).',
  },
  'account-limit/perDay': {
    fr: 'Ce compte reçoit au plus {max} certificats par jour : attendez la fin du jour (UTC).',
    en: 'This account is issued at most {max} certificates a day: wait for the end of the day (UTC).',
  },
  'account-limit/inFlight': {
    fr: "Ce compte demande au plus {max} certificats à la fois : attendez la réponse à l'une de ses requêtes.",
    en: 'This account asks for certificates at most {max} times at once: wait for the answer to one of its requests.',
  },
  'uploads-at-once': {
    fr: "Ce compte envoie déjà {max} commandes : attendez la fin de l'une d'elles.",
    en: 'This account is sending {max} orders already: wait for the end of one of them.',
  },
  'live-orders': {
    fr: 'Ce compte a déjà {max} commandes non terminées : attendez ou annulez-en une, et envoyez plus de cartes par commande.',
    en: 'This account already has {max} orders that have not ended: wait or cancel one, and send more cards in each order.',
  },
  'open-lines': {
    fr: "Les commandes de ce compte ont {open} lignes sans résultat, et {max} au plus sont admises : attendez qu'elles avancent.",
    en: 'The orders of this account have {open} lines without an outcome, and {max} at most are allowed: wait for their progress.',
  },
  'cards-without-certificate': {
    fr: "Ce compte a déjà fait connaître {max} cartes sans certificat en 24 heures : il ne peut pas en déclarer d'autres.",
    en: 'This account has made {max} cards without a certificate known in 24 hours already: it cannot report others.',
  },
  'open-approvals': {
    fr: "Trop de demandes attendent un second officier ({all} au plus, {own} d'un même compte) : décidez-en d'abord.",
    en: 'Too many requests wait for a second officer ({all} at most, {own} of one account): decide some of them first.',
  },
  'exports-of-account': {
    fr: "Ce compte a déjà {max} exports en cours : attendez la fin de l'un d'eux.",
    en: 'This account has {max} exports under way: wait until one of them has ended.',
  },
  'send-without-pauses': {
    fr: 'Envoyez le corps entier sans longues pauses.',
    en: 'Send the whole body without long pauses.',
  },
  'use-new-key': {
    fr: 'Utilisez une nouvelle Idempotency-Key pour une nouvelle requête.',
    en: 'Use a new Idempotency-Key for a new request.',
  },
  retry: {
    fr: 'Renvoyez la même requête, avec son Idempotency-Key si elle en a une, après le délai de Retry-After.',
    en: 'Send the same request again, with its Idempotency-Key if it has one, after the time in Retry-After.',
  },
  'retry-nothing-lost': {
    fr: "Rien n'est perdu : renvoyez la même requête, avec son Idempotency-Key si elle en a une, après le délai de Retry-After.",
    en: 'Nothing was lost: send the same request again, with its Idempotency-Key if it has one, after the time in Retry-After.',
  },
  'allowed-methods': { fr: 'Méthodes admises : {methods}.', en: 'Allowed methods: {methods}.' },
  'send-unencoded': {
    fr: 'Envoyez le corps sans champ content-encoding.',
    en: 'Send the body without a content-encoding header field.',
  },
  'host-missing': {
    fr: "Une requête HTTP/1.1 a un champ d'en-tête Host (RFC 9112 3.2).",
    en: 'A request of HTTP/1.1 has a Host header field (RFC 9112 3.2).',
  },
  'not-http': { fr: "L'entrée n'est pas du HTTP/1.1 valide.", en: 'The input is not valid HTTP/1.1.' },
  'plain-http': {
    fr: 'La requête est arrivée sans TLS : envoyez-la à la même adresse, qui commence par https:// et non par http://.',
    en: 'The request came without TLS: send it to the same address with https:// instead of http:// at its beginning.',
  },
  'headers-bytes-max': {
    fr: "L'ensemble des en-têtes est limité à 16384 octets.",
    en: 'All header fields together may have at most 16384 bytes.',
  },
  'only-expectation': {
    fr: 'La seule attente (Expect) admise est 100-continue.',
    en: 'The only supported expectation is 100-continue.',
  },
  'ask-an-officer': {
    fr: 'générez une bi-clé et une CSR, et demandez un certificat à un officier (pfcng account certify, POST /v1/accounts/ID/certificate)',
    en: 'make a new key and a request, and ask an officer for a certificate (pfcng account certify, POST /v1/accounts/ID/certificate)',
  },

  // Parts of texts about rules.
  'hint/number-type': {
    fr: ' ; un numéro {register} prend le type {type} : {id}',
    en: '; a {register} number takes type {type}: {id}',
  },
  'hint/rpps-type': {
    fr: ' ; un numéro RPPS prend le type 8 : {id}',
    en: '; an RPPS number takes type 8: {id}',
  },
  'hint/staff-prefix': {
    fr: " ; son personnel a {prefix} suivi d'un identifiant local",
    en: '; its staff have {prefix} and a local id',
  },
  'hint/key-types': { fr: ' ; admis ici : {types}', en: '; allowed here: {types}' },
  'list-of': { fr: '{list} du {date}', en: '{list} of {date}' },
  'key/ed25519': { fr: 'une clé Ed25519', en: 'an Ed25519 key' },
  'key/rsa': { fr: 'une clé RSA de {bits} bits', en: 'an RSA key of {bits} bits' },
  'key/ec': { fr: 'une clé EC sur {curve}', en: 'an EC key on {curve}' },
  letter: { fr: 'lettre', en: 'letter' },
  mark: { fr: 'diacritique', en: 'mark' },
  character: { fr: 'caractère', en: 'character' },
  'kind-of-script': { fr: '{kind}, écriture {script}', en: '{script} {kind}' },
  'scope/profiles': { fr: "'*', {hierarchies}, ou l'un de {profiles}", en: "'*', {hierarchies}, or one of {profiles}" },
  'scope/domains': {
    fr: "un nom de domaine en minuscules, qui inclut ses sous-domaines, ou '*'",
    en: "a domain name in lower case, which includes its subdomains, or '*'",
  },
  'scope/holders': {
    fr: "un IdNat, ou un préfixe suivi de *, comme '8*' ou '30B0057881/*'",
    en: "an IdNat, or a prefix followed by *, such as '8*' or '30B0057881/*'",
  },
  'pem/no-begin': {
    fr: 'il ne commence pas par une ligne -----BEGIN ...-----',
    en: 'it does not begin with a line -----BEGIN ...-----',
  },
  'pem/label': { fr: "son étiquette n'est pas {labels}", en: 'its label is not {labels}' },
  'pem/no-end': { fr: "il n'a pas de ligne -----END {label}-----", en: 'it has no line -----END {label}-----' },
  'pem/text-after': { fr: 'il y a du texte après le bloc', en: 'there is text after the block' },
  'pem/empty': { fr: 'le bloc est vide', en: 'the block is empty' },
  'pem/base64': { fr: "le bloc n'est pas en base64 canonique", en: 'the block is not canonical base64' },
  'approval-object-changed': {
    fr: 'son objet a changé depuis la demande',
    en: 'its object has changed since the request',
  },
  'certificate-not-shown': {
    fr: "le certificat n'est pas signé, ou la possession de sa clé n'est pas encore prouvée",
    en: 'the certificate is not signed, or possession of its key is not proven yet',
  },
  'not-signed-yet': { fr: 'non signé', en: 'not signed yet' },

  // What a schema expects of a value.
  expected: { fr: 'doit être {expected}', en: 'must be {expected}' },
  'expected/instant': {
    fr: 'une date et une heure RFC 3339 en UTC, par exemple 2026-03-01T10:00:00Z',
    en: 'an RFC 3339 time in UTC, e.g. 2026-03-01T10:00:00Z',
  },
  'expected/serial-number': {
    fr: "en hexadécimal minuscule, d'un nombre pair de chiffres, 40 au plus, par exemple 0b4f21",
    en: 'lower-case hex of even length, at most 40 digits, e.g. 0b4f21',
  },
  'expected/written-serial': {
    fr: 'un numéro de série en hexadécimal (deux-points, espaces, 0x et zéros initiaux admis) ou en décimal',
    en: 'a serial number in hexadecimal (colons, spaces, 0x and leading zeros are allowed) or in decimal',
  },
  'expected/day': { fr: 'un jour, par exemple 2026-03-01', en: 'a day, e.g. 2026-03-01' },
  'expected/container': {
    fr: "1 à 40 lettres non accentuées, chiffres, points, tirets bas ou traits d'union",
    en: '1 to 40 letters A to Z, digits, dots, underscores or hyphens',
  },
  'expected/generation': {
    fr: "une lettre minuscule, puis 31 au plus de ces caractères : lettres minuscules, chiffres, traits d'union",
    en: 'a lower-case letter, then at most 31 lower-case letters, digits and hyphens',
  },
  'expected/version': {
    fr: 'un à quatre nombres séparés par des points, par exemple 4.1.0',
    en: 'one to four numbers with dots between them, e.g. 4.1.0',
  },
  'expected/duration': { fr: 'une durée ISO 8601, par exemple P7D', en: 'an ISO 8601 duration, e.g. P7D' },
  'expected/uuid': { fr: 'un UUID en minuscules', en: 'a UUID in lower case' },
  'expected/sha256': { fr: '64 chiffres hexadécimaux minuscules', en: '64 lower-case hex digits' },
  'expected/profession': {
    fr: 'deux chiffres, un code TRE_G15, par exemple 10',
    en: 'two digits, a TRE_G15 code, e.g. 10',
  },
  'expected/class-name': {
    fr: "1 à 32 lettres minuscules, chiffres ou traits d'union",
    en: '1 to 32 lower-case letters, digits or hyphens',
  },
  'expected/card-selection': {
    fr: "un objet d'au moins un membre : une campagne sur toutes les cartes n'est pas admise",
    en: 'an object with at least one member: a campaign over all cards is not allowed',
  },
  'expected/dates': { fr: "un objet d'au moins un membre", en: 'an object with at least one member' },
  'expected/limit': { fr: 'un nombre entier de 1 à {max}', en: 'a whole number from 1 to {max}' },
  'expected/entry': {
    fr: "le numéro d'une écriture du journal d'audit, ou 0",
    en: 'the number of an entry of the audit log, or 0',
  },
  'expected/searched': {
    fr: 'de 1 à {max} caractères autres que U+0000',
    en: '1 to {max} characters other than U+0000',
  },
  'expected/account-id': {
    fr: 'minuscules, chiffres, points et tirets, 64 au plus, et pas « system »',
    en: "lower-case letters, digits, dots and hyphens, at most 64, and not 'system'",
  },
  'expected/reason': {
    fr: 'une ligne de 1 à {max} caractères, sans caractère de contrôle',
    en: 'one line of 1 to {max} characters, without control characters',
  },
  'expected/parameter': {
    fr: "accompagné d'au moins un paramètre : une sélection vide n'est pas admise",
    en: 'given at least one parameter: an empty selection is not allowed',
  },
  'expected/selection': {
    fr: "un objet d'au moins un membre : une sélection vide n'est pas admise",
    en: 'an object with at least one member: an empty selection is not allowed',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
