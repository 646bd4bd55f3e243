/** Texts about requests of the API: form, rights of accounts, states of certificates. */
import type { Bilingual } from '../kernel/bilingual.js';

/**
 * The keywords of JSON Schema about one value, which are the names of their rules. The places have
 * the names that Ajv gives the values.
 */
export const VALUE_RULES = {
  type: { fr: 'doit être de type {type}', en: 'must be of the type {type}' },
  const: { fr: 'doit être {value}', en: 'must be {value}' },
  enum: { fr: "n'est pas une valeur admise ; valeurs admises : {allowedValues}", en: 'must be one of {allowedValues}' },
  minLength: { fr: 'est vide', en: 'is empty' },
  maxLength: { fr: 'a plus de {limit} caractères', en: 'has more than {limit} characters' },
  minItems: { fr: 'a moins de {limit} éléments', en: 'has fewer than {limit} items' },
  maxItems: { fr: 'a plus de {limit} éléments', en: 'has more than {limit} items' },
  uniqueItems: {
    fr: 'a deux éléments identiques, de rangs {j} et {i} (à partir de 0)',
    en: 'has two equal items, number {j} and number {i} from 0',
  },
  minimum: { fr: 'doit être au moins {limit}', en: 'must be at least {limit}' },
  maximum: { fr: 'doit être au plus {limit}', en: 'must be at most {limit}' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const SCHEMA_RULES = {
  json: {
    fr: "le corps n'est pas du JSON (RFC 8259) : voyez la ligne {line}, colonne {column}",
    en: 'the body is not JSON (RFC 8259): see line {line}, column {column}',
  },
  'json/line': {
    fr: "la ligne n'est pas du JSON (RFC 8259) : voyez la colonne {column}",
    en: 'the line is not JSON (RFC 8259): see column {column}',
  },
  'json/empty': {
    fr: "un document JSON est attendu, et rien n'a été envoyé",
    en: 'a JSON document is expected, and nothing was sent',
  },
  'json/utf-8': { fr: "ce n'est pas de l'UTF-8", en: 'this is not UTF-8' },
  'json/byte-order-mark': {
    fr: "le texte commence par une marque d'ordre des octets (BOM) : envoyez-le sans elle",
    en: 'the text begins with a byte order mark (BOM): send it without',
  },
  'json/lone-surrogate': {
    fr: "le texte contient la moitié d'une paire de substitution UTF-16 (\\ud800 à \\udfff), qui n'est pas un caractère",
    en: 'the text contains half of a UTF-16 surrogate pair (\\ud800 to \\udfff), which is no character',
  },
  'json-values': {
    fr: 'le corps a plus de {max} valeurs JSON, membres et éléments compris',
    en: 'the body has more than {max} JSON values, members and elements included',
  },
  'member-once': { fr: 'est une clé en double', en: 'is a duplicate key' },
  'member-known': {
    fr: 'membre inconnu ; les membres sont {members}',
    en: 'unknown member; the members are {members}',
  },
  'member-known/none': {
    fr: "paramètre inconnu ; cette opération n'en a pas",
    en: 'unknown parameter; this operation has none',
  },
  'member-required': { fr: 'est obligatoire', en: 'is required' },
  'member-required/kind': { fr: 'est obligatoire ; valeurs admises : {kinds}', en: 'is required: one of {kinds}' },
  discriminator: { fr: "n'est pas une valeur admise ; valeurs admises : {kinds}", en: 'must be one of {kinds}' },
  'type/once': { fr: "ne doit être donné qu'une fois", en: 'must be given only once' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const REQUEST_RULES = {
  'cmp-header': {
    fr: "le corps n'est pas un PKIMessage en DER dont l'en-tête se lit (RFC 9810, 5.1)",
    en: 'the body is no PKIMessage in DER with a header that can be read (RFC 9810 5.1)',
  },
  'idempotency-key': {
    fr: 'doit avoir de 1 à {max} caractères ASCII visibles, par exemple un UUID',
    en: 'must be 1 to {max} visible ASCII characters, e.g. a UUID',
  },
  'card-of-the-address': {
    fr: 'doit être la carte du chemin, {card}',
    en: 'must be the card in the path, {card}',
  },
  'ca-known': { fr: 'doit être une AC émettrice : {authorities}', en: 'must be an issuing CA: {authorities}' },
  'cursor-known': {
    fr: "n'est pas un curseur de ce service : reprenez nextCursor de la page précédente",
    en: 'not a cursor of this service: take nextCursor of the page before',
  },
  'entry-known': {
    fr: "le journal d'audit finit à l'écriture {last} : ce numéro vient d'une autre base de données, ou d'un état plus récent de celle-ci",
    en: 'the audit log ends at entry {last}: this number comes from another database, or from a newer state of this one',
  },
  'key-once': {
    fr: 'donnez soit certificate, soit spkiSha256, mais pas les deux',
    en: 'give either certificate or spkiSha256, not both',
  },
  'certificate-read': { fr: 'doit être un certificat en PEM', en: 'must be a certificate in PEM' },
  'reason-is-final': {
    fr: 'certificateHold est une suspension : utilisez POST .../suspension',
    en: 'certificateHold is a suspension: POST to .../suspension',
  },
  'invalidity-date-past': {
    fr: "la date d'invalidité est celle à laquelle la clé est présumée compromise : elle ne peut être ni dans le futur, ni avant 1970",
    en: 'the invalidity date is when the key is suspected to have become invalid: not in the future, and not before 1970',
  },
  'day-in-calendar': { fr: "n'est pas un jour du calendrier", en: 'is not a day of the calendar' },
  'counted-days': {
    fr: 'la période doit finir après son début, et a {max} jours au plus',
    en: 'the period must end after its beginning, and has {max} days at most',
  },
  'window-not-empty': { fr: 'ne doit pas précéder issuedFrom', en: 'must not be before issuedFrom' },
  'selection-bounded': {
    fr: 'trouve plus de {max} certificats : soumettez plusieurs ordres, délimités par issuedFrom et issuedUntil',
    en: 'finds more than {max} certificates: submit an order for each part, by issuedFrom and issuedUntil',
  },
  'count-as-expected': {
    fr: "la sélection trouve maintenant {matched} certificats au lieu de {expected} : revoyez l'aperçu",
    en: 'the selection finds {matched} certificates now, not {expected}: look at the preview again',
  },
  'accounts-named': {
    fr: 'doit nommer les comptes qui perdent leur certificat : {names}',
    en: 'must name the accounts that lose their certificate: {names}',
  },
  'platform-named': {
    fr: 'doit nommer les parties de la plate-forme qui perdent leur certificat : {names}',
    en: 'must name the parts of the platform that lose their certificate: {names}',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const ACCESS_RULES = {
  'account-enabled': { fr: 'ce compte est désactivé', en: 'this account is disabled' },
  'account-in-force': {
    fr: 'ce compte a pris fin ; deux officiers peuvent le prolonger',
    en: 'this account has ended; two officers can extend it',
  },
  'renewal-under-way': {
    fr: "ce certificat a déjà un successeur, {successor} : utilisez-le, ou révoquez-le ; s'il est révoqué et avait été confirmé par CMP, faites une nouvelle demande",
    en: 'this certificate has a successor already, {successor}: use it, or revoke it; if it is revoked and was confirmed by CMP, enrol again',
  },
  'network-in-scope': {
    fr: "la requête vient de {address}, qui n'est dans aucun réseau de ce compte",
    en: 'the request comes from {address}, which is in no network of this account',
  },
  'role-permits': {
    fr: "aucun rôle de ce compte n'autorise l'action {action} ; les opérateurs donnent les rôles (pfcng account change)",
    en: 'no role of this account may {action}; the operators give roles (pfcng account change)',
  },
  'reason-of-the-role': {
    fr: "aucun rôle de ce compte n'autorise le motif {reason}",
    en: 'no role of this account may give {reason}',
  },
  'profile-in-scope': {
    fr: "ce compte ne peut pas agir pour ce profil : demandez aux opérateurs d'étendre son périmètre (pfcng account change)",
    en: 'this account may not act for this profile: ask the operators to widen its scope (pfcng account change)',
  },
  'structure-in-scope': {
    fr: "ce compte ne peut pas agir pour cette structure : demandez aux opérateurs d'étendre son périmètre (pfcng account change)",
    en: 'this account may not act for this structure: ask the operators to widen its scope (pfcng account change)',
  },
  'domain-in-scope': {
    fr: "ce compte ne peut pas agir pour l'un de ces domaines : demandez aux opérateurs d'étendre son périmètre (pfcng account change)",
    en: 'this account may not act for one of these domains: ask the operators to widen its scope (pfcng account change)',
  },
  'holder-in-scope': {
    fr: "ce compte ne peut pas agir pour ce porteur : demandez aux opérateurs d'étendre son périmètre (pfcng account change)",
    en: 'this account may not act for this holder: ask the operators to widen its scope (pfcng account change)',
  },
  'certificate-of-this-platform': {
    fr: "le certificat client n'a pas été émis par une AC qui authentifie des comptes",
    en: 'the client certificate was not issued by a CA that authenticates accounts',
  },
  'certificate-of-this-platform/recorded': {
    fr: "le certificat client n'est pas dans la base de données",
    en: 'the client certificate is not in the database',
  },
  'certificate-in-time': {
    fr: "le certificat client n'est pas encore valide, ou a expiré (certificate-in-time)",
    en: 'the client certificate is not valid yet, or has expired (certificate-in-time)',
  },
  'certificate-for-client-authentication': {
    fr: "le certificat client n'est pas destiné à l'authentification de clients (certificate-for-client-authentication)",
    en: 'the client certificate is not for the authentication of clients (certificate-for-client-authentication)',
  },
  'certificate-of-an-officer': {
    fr: "le certificat client n'a pas la forme de celui d'un officier de secours (certificate-of-an-officer)",
    en: 'the client certificate does not have the form of those of break-glass officers (certificate-of-an-officer)',
  },
  'issuer-in-time': {
    fr: "le certificat de l'AC qui a émis le certificat client n'est pas encore valide, ou a expiré (issuer-in-time)",
    en: 'the certificate of the CA that issued the client certificate is not valid yet, or has expired (issuer-in-time)',
  },
  'issuer-not-revoked': {
    fr: "l'AC qui a émis le certificat client est révoquée (issuer-not-revoked)",
    en: 'the CA that issued the client certificate is revoked (issuer-not-revoked)',
  },
  'certificate-not-revoked': {
    fr: "le certificat client n'est pas en vigueur (certificate-not-revoked)",
    en: 'the client certificate is not in force (certificate-not-revoked)',
  },
  'certificate-not-revoked/revoked': {
    fr: 'ce certificat a été révoqué le {at} (certificate-not-revoked) : {remedy}',
    en: 'this certificate was revoked on {at} (certificate-not-revoked): {remedy}',
  },
  'certificate-not-revoked/suspended': {
    fr: 'ce certificat est suspendu depuis le {at} (certificate-not-revoked) : demandez à un officier de lever la suspension',
    en: 'this certificate is suspended since {at} (certificate-not-revoked): ask an officer to release it',
  },
  'certificate-as-recorded': {
    fr: "le certificat client n'est pas, octet pour octet, celui de la base de données (certificate-as-recorded)",
    en: 'the client certificate is not, byte for byte, the one in the database (certificate-as-recorded)',
  },
  'key-not-compromised/client': {
    fr: 'la clé de ce certificat a été compromise ou bloquée (key-not-compromised) : {remedy}',
    en: 'the key of this certificate was compromised or blocked (key-not-compromised): {remedy}',
  },
  'account-known': {
    fr: "le certificat client est valide mais n'appartient à aucun compte : demandez aux opérateurs de le lier (pfcng account)",
    en: 'the client certificate is valid but belongs to no account: ask the operators to bind it to one (pfcng account)',
  },
  'same-origin': {
    fr: "la requête vient d'une page d'un autre site : ouvrez la console par son adresse, et appelez l'API depuis un programme",
    en: 'the request comes from a page of another site: open the console by its address, and call the API from a program',
  },
  'proxy-headers': {
    fr: "le mandataire inverse placé devant ce service n'a pas transmis un en-tête {header} valable : corrigez sa configuration (ops/proxy.md)",
    en: 'the reverse proxy in front of this service has passed on no valid header {header}: correct its configuration (ops/proxy.md)',
  },
  'tls-used': {
    fr: "cette adresse n'est servie que par HTTPS ; seul CMP l'est aussi par HTTP",
    en: 'this address is served over HTTPS only; only CMP is served over HTTP too',
  },
  'form-multipart': {
    fr: "n'est pas un formulaire avec un fichier (multipart/form-data) : rouvrez la page et envoyez-le à nouveau",
    en: 'is no form with a file (multipart/form-data): open the page again and send it once more',
  },
  'form-token': {
    fr: "le formulaire ne vient pas de cette console, ou a été modifié : rien n'a été fait ; rouvrez la page et recommencez",
    en: 'the form is not from this console, or was altered: nothing was done; open the page again and start anew',
  },
  'break-glass-is-for-officers': {
    fr: "les certificats d'une AC d'accès n'authentifient que des officiers, et ce compte n'en est pas un",
    en: 'certificates of an access CA authenticate officers only, and this account is not one',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const STATE_RULES = {
  'already-signed': { fr: 'sa signature est déjà enregistrée', en: 'its signature is stored already' },
  'already-revoked': { fr: "il est révoqué, et c'est définitif", en: 'it is revoked, and that is final' },
  'intent-not-finished': { fr: "ce n'est pas encore un certificat", en: 'it is not a certificate yet' },
  'not-pending': { fr: "il n'attend pas de confirmation", en: 'it does not await a confirmation' },
  'pending-not-suspended': {
    fr: 'il attend sa confirmation : il peut être confirmé ou révoqué',
    en: 'it awaits its confirmation: it can be confirmed or revoked',
  },
  'already-suspended': { fr: 'il est déjà suspendu', en: 'it is suspended already' },
  'not-suspended': { fr: "il n'est pas suspendu", en: 'it is not suspended' },
  'suspension-allowed': {
    fr: "son profil n'autorise pas la suspension : suspensionAllowed de GET /v1/profiles dit lesquels la permettent",
    en: 'its profile does not allow suspension: suspensionAllowed of GET /v1/profiles says which do',
  },
  'hold-is-a-suspension': {
    fr: 'certificateHold est le motif des suspensions, pas des révocations',
    en: 'certificateHold is given by a suspension, not by a revocation',
  },
  'issuer-not-revoked/issuing': {
    fr: "le certificat de {issuer} a été révoqué par sa racine ({reason}) : elle n'émet plus rien ; révocations et statuts continuent",
    en: 'the certificate of {issuer} was revoked by its root ({reason}): it issues nothing more; revocation and status go on',
  },
  'revoked-meanwhile': { fr: 'révoqué pendant son émission', en: 'revoked while it was being issued' },
  'card-has-this-certificate': {
    fr: 'la carte a déjà un certificat en vigueur du même porteur et du même profil, sur la même clé',
    en: 'the card has a live certificate of the same holder and profile on the same key already',
  },
  'card-partly-duplicate': {
    fr: 'la carte a déjà une partie de ces certificats : commandez les autres dans une ligne à part',
    en: 'the card has some of these certificates already: order the others in a line of their own',
  },
  'card-once-in-order': {
    fr: 'une ligne précédente de cette commande a déjà émis les certificats de la carte',
    en: 'an earlier line of this order has issued the certificates of the card',
  },
  'renewal-of-issued': {
    fr: 'seul un certificat en vigueur se renouvelle : celui-ci a le statut {status}',
    en: 'only an issued certificate is renewed: this one is {status}',
  },
  'renewal-of-recovered': {
    fr: 'après une restauration, le contenu de ce certificat est inconnu : commandez-en un autre',
    en: 'since a restore, the content of this certificate is not known: order another one',
  },
  'renewal-allowed': {
    fr: 'les certificats {profile} ne se renouvellent pas : commandez-en un',
    en: 'certificates of {profile} are not renewed: order one',
  },
  'renewal-window': {
    fr: 'peut être renouvelé à partir du {from}, {days} jours avant sa fin',
    en: 'can be renewed from {from}, {days} days before its end',
  },
  'account-bound': {
    fr: "le nouveau certificat {certificate} n'a pas été lié au compte : {why}",
    en: 'the new certificate {certificate} was not bound to the account: {why}',
  },
  'account-without-certificate': {
    fr: 'son certificat {certificate} a le statut {status}, et prend fin le {ends}',
    en: 'its certificate {certificate} is {status}, and ends on {ends}',
  },
  'account-of-this-platform': {
    fr: "aucun certificat de ce compte n'est dans la base de données",
    en: 'no certificate of this account is in the database',
  },
  'revocation-running': { fr: "l'ordre de révocation a déjà l'état {state}", en: 'it is {state} already' },
  'root-list-in-ceremony': {
    fr: "la clé de {issuer} n'est pas accessible : sa LCR est signée en cérémonie",
    en: 'the key of {issuer} is not within reach: its list is signed in a ceremony',
  },
  'delta-lists-not-served': {
    fr: "les delta-LCR ne sont pas publiées ici (addresses/deltaCrl de l'environnement)",
    en: 'delta lists are not served here (addresses/deltaCrl of the environment)',
  },
  'crl-superseded': {
    fr: "d'autres LCR de {issuer} ont été publiées en même temps, {attempts} fois de suite",
    en: 'other lists of {issuer} were published at the same time, {attempts} times over',
  },
  'crl-partitions-known': {
    fr: "d'autres nœuds publient {known} partitions de {issuer}, et la politique de ce nœud en a {own} : donnez-lui leur politique",
    en: 'other nodes publish {known} partitions of {issuer}, and the policy of this node has {own}: give it their policy',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const API_RULES = {
  ...VALUE_RULES,
  ...SCHEMA_RULES,
  ...REQUEST_RULES,
  ...ACCESS_RULES,
  ...STATE_RULES,
} as const;
