/** Texts about rules of the policy: holder, card, identity, names, validity. */
import type { Bilingual } from '../kernel/bilingual.js';

export const POLICY_RULES = {
  'profile-known': { fr: "le profil {profile} n'existe pas", en: 'there is no profile {profile}' },
  'profile-known/here': {
    fr: "aucun profil {profile} n'est délivré ici ; ce compte peut utiliser : {usable}",
    en: 'there is no profile {profile} that issues here; this account may use {usable}',
  },
  'profile-internal': {
    fr: 'est réservé à la plate-forme et ne peut pas être demandé',
    en: 'is for the platform itself and cannot be requested',
  },
  'key-type': {
    fr: "n'est pas d'un type que {profile} certifie ; types admis : {types}",
    en: 'is not one of {types}, which {profile} certifies',
  },
  'key-origin': {
    fr: "{profile} ne certifie pas de clés d'origine {origin} ; origines admises : {origins}",
    en: '{profile} certifies keys of the origin {origins}, not {origin}',
  },
  'key-origin-required': {
    fr: "{profile} exige l'origine de la clé : {origins}",
    en: '{profile} requires the origin of the key: {origins}',
  },
  'container-of-a-card': {
    fr: '{profile} ne certifie pas de clés de carte',
    en: '{profile} certifies no keys on cards',
  },
  'containers-of-card-differ': {
    fr: '{place} va déjà dans le conteneur {container}',
    en: '{place} goes into the container {container} already',
  },

  'holder-kind': {
    fr: '{profile} est destiné aux porteurs de type {kind}',
    en: '{profile} is for holders of the kind {kind}',
  },
  'name-required': {
    fr: "est absent, et il n'y a pas de pseudonyme",
    en: 'is missing, and there is no pseudonym',
  },
  'pseudonym-unexpected': {
    fr: '{profile} est destiné aux porteurs désignés par leur nom',
    en: '{profile} is for holders with names',
  },
  'pseudonym-or-names': { fr: 'ne peut pas être associé à un nom', en: 'cannot be combined with a name' },
  'id-nat-form': {
    fr: "n'est pas l'identifiant d'un professionnel : 8 suivi de {rpps}, ou 0 suivi de {adeli}{hint}",
    en: 'is not the id of a professional: 8 and {rpps}, or 0 and {adeli}{hint}',
  },
  'id-nat-form/number': {
    fr: 'commence par {type}, la suite doit donc être {form}{hint}',
    en: 'begins with {type}, so {form} must follow{hint}',
  },
  'id-nat-form/staff': {
    fr:
      "n'est pas formé d'un type, du numéro de la structure, d'une barre oblique et d'un identifiant local " +
      'de 1 à 32 lettres et chiffres, par exemple 30B0057881/CPET0002',
    en:
      "is not a type, the structure's number, a slash and a local id of 1 to 32 letters and digits, " +
      'e.g. 30B0057881/CPET0002',
  },
  'id-nat-form/staff-type': {
    fr: "commence par {type} ; l'identifiant d'un membre du personnel commence par son type : {types}{hint}",
    en: 'begins with {type}; an id of staff begins with its type: {types}{hint}',
  },
  'id-nat-structure': {
    fr: 'appartient à la structure {belongsTo} au lieu de {structure}{hint}',
    en: 'belongs to the structure {belongsTo}, not to {structure}{hint}',
  },
  'rpps-key': {
    fr: 'la clé de Luhn du numéro {register} est fausse : vérifiez le numéro',
    en: 'the Luhn check digit of the {register} number is wrong: check the number',
  },
  'structure-id-form': {
    fr: 'commence par {type}, la suite doit donc être {form}{hint}',
    en: 'begins with {type}, so {form} must follow{hint}',
  },
  'structure-id-form/type': {
    fr: "commence par {type} ; l'identifiant d'une structure commence par son type : {types}{hint}",
    en: 'begins with {type}; a structure id begins with its type: {types}{hint}',
  },
  'structure-id-form/empty': {
    fr: "est vide ; l'identifiant d'une structure commence par son type : {types}",
    en: 'is empty; a structure id begins with its type: {types}',
  },
  'structure-id-key': {
    fr: 'la clé de Luhn du numéro {register} est fausse : vérifiez le numéro',
    en: 'the Luhn check digit of the {register} number is wrong: check the number',
  },
  'profession-code': {
    fr: "n'est pas un code de {list}, comme l'est 10 (Médecin)",
    en: 'is not a code of {list}, as 10 (Médecin) is',
  },
  'profession-code/ended': {
    fr: "{profession} ({label}) n'est plus en usage depuis le {date}",
    en: '{profession} ({label}) ended on {date}',
  },
  'profession-title': {
    fr: 'est le libellé de la profession {other} : {profession} est {label}',
    en: 'is the title of profession {other}: {profession} is {label}',
  },
  'department-form': {
    fr: "doit être le nom et le numéro d'un département de {list}, par exemple Paris (75)",
    en: 'must be the name and the number of a department of {list}, e.g. Paris (75)',
  },
  'department-form/name': {
    fr: '{number} est {label} : {label} ({number})',
    en: '{number} is {label}: {label} ({number})',
  },

  'card-unexpected': {
    fr: "un certificat {profile} n'est pas porté par une carte : retirez card",
    en: 'a certificate of {profile} is not on a card: leave card out',
  },
  'card-required': {
    fr: 'un certificat {profile} est porté par une carte : ajoutez card',
    en: 'a certificate of {profile} is on a card: add card',
  },
  'card-product': { fr: 'doit être {products}', en: 'must be {products}' },
  'card-token-id': {
    fr: 'doit être 8025000001, une barre oblique et dix chiffres, par exemple 8025000001/2600301752',
    en: 'must be 8025000001, a slash and ten digits, e.g. 8025000001/2600301752',
  },
  'card-of-one-holder': {
    fr: "la carte a des certificats en vigueur d'un autre porteur : vérifiez le numéro, ou révoquez d'abord ces certificats",
    en: 'the card has live certificates of another holder: check the number, or revoke those certificates first',
  },
  'card-product-constant': {
    fr: 'la carte a des certificats en vigueur comme {product} : son produit est donc {product}',
    en: 'the card has live certificates as a {product}: it is one',
  },
  'profiles-of-card-differ': {
    fr: '{profile} est déjà demandé dans {place}',
    en: '{profile} is requested in {place} already',
  },

  'identity-required': {
    fr: "{profile} exige une preuve d'identité d'un niveau de garantie {assurance} au moins : ajoutez identity",
    en: '{profile} requires identity evidence of at least {assurance} assurance: add identity',
  },
  'identity-assurance': { fr: 'doit être {assurance} ou plus', en: 'must be {assurance} or more' },
  'identity-verified-at': {
    fr: 'doit être une date et une heure RFC 3339 en UTC, par exemple 2026-03-01T10:00:00Z',
    en: 'must be an RFC 3339 time in UTC, e.g. 2026-03-01T10:00:00Z',
  },
  'identity-not-future': {
    fr: "est dans le futur : donnez l'instant de la vérification, en UTC",
    en: 'is in the future: give the time of the verification, in UTC',
  },
  'identity-age': {
    fr: 'est trop ancien : ce profil admet une preuve de {days} jours au plus',
    en: 'is too old: this profile accepts evidence of {days} days at most',
  },

  'text-not-empty': { fr: 'est vide', en: 'is empty' },
  'text-characters': {
    fr: 'contient un caractère de contrôle, de mise en forme, invisible, privé ou non attribué',
    en: 'has a control, format, invisible, private or unassigned character',
  },
  'text-normalized': {
    fr: "n'est pas en forme de normalisation C (annexe 15 d'Unicode)",
    en: 'is not in normalization form C (Unicode annex 15)',
  },
  'text-trimmed': {
    fr: 'a des espaces au début ou à la fin, ou deux espaces de suite',
    en: 'has spaces at an end, or two in a row',
  },
  'text-length': { fr: 'dépasse {max} caractères', en: 'is longer than {max} characters' },
  'text-length/first-name': {
    fr: 'dépasse {max} caractères ; le premier nom devient le nom commun (CN) : mettez-en un plus court en tête',
    en: 'is longer than {max} characters; the first name becomes the common name: put a shorter one first',
  },
  'text-symbols': {
    fr: 'contient le symbole {symbol} ({code}) : les noms ont des lettres, des chiffres, de la ponctuation, des espaces, + et °',
    en: 'has the symbol {symbol} ({code}): names have letters, digits, punctuation, spaces, + and °',
  },
  'text-compatibility': {
    fr: 'contient {character}, une forme de compatibilité : écrivez {instead}',
    en: 'has {character}, a compatibility form: write {instead}',
  },
  'text-letters': {
    fr: 'contient {character}, qui ne sert pas à écrire des noms',
    en: 'has {character}, which names are not written with',
  },
  'text-script': {
    fr: "contient {character} : les noms s'écrivent en écriture {scripts}",
    en: 'has {character}: names are written in {scripts}',
  },
  'text-scripts-mixed': {
    fr: 'contient {character} dans le même mot que {first}',
    en: 'has {character} in one word with {first}',
  },

  'server-name-required': { fr: "n'a aucun nom", en: 'has no name' },
  'server-names-count': { fr: 'a plus de {max} noms', en: 'has more than {max} names' },
  'server-name-unique': { fr: 'est en double', en: 'is a duplicate' },
  'server-name-wildcard': {
    fr: 'contient un caractère générique : donnez chaque nom en entier',
    en: 'has a wildcard: give each name in full',
  },
  'server-name-lower-case': {
    fr: "n'est pas en minuscules : écrivez-le en minuscules",
    en: 'is not in lower case: write it so',
  },
  'server-name-address': {
    fr: 'est une adresse : les certificats désignent les serveurs par leur nom',
    en: 'is an address: certificates name servers',
  },
  'server-name-syntax': { fr: "n'est pas un nom de domaine", en: 'is not a domain name' },
  'server-name-qualified': { fr: "n'est pas un nom de domaine complet (FQDN)", en: 'is not fully qualified' },
  'server-name-special-use': {
    fr: "est dans {domain}, un domaine à usage particulier ({standard}), dont les noms n'appartiennent à personne",
    en: 'is in {domain}, a special-use domain ({standard}), where nobody owns a name',
  },
  'server-name-public-suffix': {
    fr: "est un suffixe public, sous lequel d'autres enregistrent des noms",
    en: 'is a public suffix, under which others register names',
  },
  'server-name-public': {
    fr: "est dans {domain}, qui n'est pas un domaine de premier niveau du DNS public",
    en: 'is in {domain}, which is no top-level domain of the public DNS',
  },

  'emails-unexpected': {
    fr: "{profile} ne certifie pas d'adresses électroniques : retirez emails",
    en: '{profile} certifies no e-mail addresses: leave emails out',
  },
  'emails-required': {
    fr: "n'a aucune adresse : {profile} en certifie au moins une",
    en: 'has no address: {profile} certifies at least one',
  },
  'emails-count': { fr: 'a plus de {max} adresses', en: 'has more than {max} addresses' },
  'mail-domain-single': {
    fr: 'est un nom de trop : indiquez un seul domaine, et ses adresses dans emails',
    en: 'is a name too many: one domain, its addresses in emails',
  },
  'email-syntax': {
    fr: "n'est pas une adresse électronique, par exemple service@mail.example.org",
    en: 'is not an e-mail address, e.g. service@mail.example.org',
  },
  'email-syntax/domain': { fr: "a un domaine qui n'en est pas un", en: 'has a domain that is none' },
  'email-domain': {
    fr: "n'est pas dans le domaine {domain}, qui est le nom du serveur",
    en: "is not in the domain {domain}, the server's name",
  },
  'email-unique': { fr: 'est en double', en: 'is a duplicate' },

  'validity-whole-seconds': {
    fr: 'a une fraction de seconde : les certificats ont des secondes entières',
    en: 'has a fraction: certificates have whole seconds',
  },
  'validity-not-backdated': {
    fr: 'est dans le passé : omettez-le pour commencer maintenant',
    en: 'is in the past: leave it out to begin now',
  },
  'validity-not-postdated': { fr: 'est après le {latest}', en: 'is later than {latest}' },
  'validity-within-issuer': {
    fr: '{issuer} commence le {begins}',
    en: '{issuer} begins on {begins}',
  },
  'validity-within-issuer/end': {
    fr: "{issuer} prend fin le {ends} : demandez une fin qui n'est pas postérieure",
    en: '{issuer} ends on {ends}: request an end that is not later',
  },
  'validity-not-empty': {
    fr: 'doit être après le début et dans le futur',
    en: 'must be after the beginning and after now',
  },
  'validity-within-profile': { fr: 'doit être le {last} ou avant', en: 'must be {last} or before' },
} as const satisfies Readonly<Record<string, Bilingual>>;
