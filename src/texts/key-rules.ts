/** Texts about keys, certification requests and their proof of possession. */
import type { Bilingual } from '../kernel/bilingual.js';

export const KEY_RULES = {
  'request-within-size': { fr: 'dépasse {max} caractères', en: 'longer than {max} characters' },
  'request-is-pem': {
    fr: "n'est pas une demande de certificat en PEM : {why}",
    en: 'not a PEM certification request: {why}',
  },
  'request-well-formed': {
    fr: "n'est pas une demande PKCS#10 en DER : octet {octet} : {why}",
    en: 'not a PKCS#10 in DER: octet {octet}: {why}',
  },
  'request-attribute-well-formed': {
    fr: "un attribut de la demande n'est pas en DER : octet {octet} : {why}",
    en: 'an attribute of the request is not in DER: octet {octet}: {why}',
  },
  'request-algorithm-accepted': {
    fr: "l'algorithme {algorithm} n'est pas accepté",
    en: 'algorithm {algorithm} is not accepted',
  },
  'request-algorithm-accepted/broken': {
    fr: "{algorithm} n'est pas accepté : signez avec SHA-256",
    en: '{algorithm} is not accepted: sign with SHA-256',
  },
  'request-algorithm-accepted/pss': {
    fr: 'RSASSA-PSS utilise SHA-256, SHA-384 ou SHA-512, et la même fonction pour son masque',
    en: 'RSASSA-PSS takes one of SHA-256, SHA-384, SHA-512, the same for its mask',
  },
  'request-algorithm-accepted/salt': {
    fr: "un sel de plus de 64 octets n'est pas accepté",
    en: 'a salt of more than 64 octets is not accepted',
  },
  'request-key-usable': {
    fr: 'la clé est inutilisable : son point est-il sur la courbe ?',
    en: 'the key cannot be used: is its point on the curve?',
  },
  'request-key-usable/size': {
    fr: "le module ou l'exposant est trop grand pour être vérifié",
    en: 'the modulus or the exponent is too large to be verified',
  },
  'request-algorithm-fits-key': {
    fr: "l'algorithme de signature n'est pas celui d'une clé {key}",
    en: 'the signature algorithm is not one of {key} keys',
  },
  'request-signature-verifies': {
    fr: "la demande n'est pas signée par la clé à certifier : signez-la avec la clé privée de cette clé publique",
    en: 'the request is not signed by the key that it is for: sign it with the private key of that public key',
  },

  'key-well-formed': { fr: 'octet {octet} : {why}', en: 'octet {octet}: {why}' },
  'key-well-formed/rsa': { fr: 'rsaPublicKey, octet {octet} : {why}', en: 'rsaPublicKey, octet {octet}: {why}' },
  'key-well-formed/rsa-parameters': {
    fr: 'une clé RSA a des paramètres NULL',
    en: 'an RSA key has NULL parameters',
  },
  'key-well-formed/point': {
    fr: "un point de {octets} octets n'est pas un point de {curve}",
    en: 'a point of {octets} octets is not one of {curve}',
  },
  'key-well-formed/ed25519-parameters': {
    fr: "une clé Ed25519 n'a pas de paramètres",
    en: 'an Ed25519 key has no parameters',
  },
  'key-well-formed/ed25519-octets': {
    fr: 'une clé Ed25519 a {expected} octets ; celle-ci en a {octets}',
    en: 'an Ed25519 key has {expected} octets, not {octets}',
  },
  'key-well-formed/unusable': { fr: 'la clé est inutilisable', en: 'the key cannot be used' },
  'key-algorithm-known': {
    fr: "les clés d'algorithme {algorithm} ne sont pas certifiées ici",
    en: 'keys of algorithm {algorithm} are not certified here',
  },
  'key-algorithm-known/curve': {
    fr: "la courbe {curve} n'est pas connue ici",
    en: 'curve {curve} is not known here',
  },
  'key-curve-named': {
    fr: "la courbe d'une clé EC est donnée par son nom",
    en: 'the curve of an EC key is given by its name',
  },
  'key-point-uncompressed': {
    fr: "le point d'une clé EC est sous forme non compressée",
    en: 'the point of an EC key is uncompressed',
  },
  'key-type-allowed': {
    fr: "{key} n'est pas d'un type admis ; types admis : {types}",
    en: '{key} is not one of the allowed types: {types}',
  },
  'key-modulus-odd': { fr: 'le module est pair', en: 'the modulus is even' },
  'key-exponent-sound': {
    fr: "l'exposant public n'est pas un nombre impair supérieur à 65536 et inférieur à 2^256",
    en: 'the public exponent is not an odd number above 65536 and below 2^256',
  },
  'key-without-small-factors': {
    fr: 'le module est divisible par {factor}',
    en: 'the modulus is divisible by {factor}',
  },
  'key-not-roca': {
    fr: 'la clé a été générée par la bibliothèque défectueuse de CVE-2017-15361 (ROCA)',
    en: 'the key was made by the faulty library of CVE-2017-15361 (ROCA)',
  },
  'key-factors-apart': {
    fr: "les facteurs du module sont trop proches l'un de l'autre",
    en: 'the factors of the modulus are too close to one another',
  },
  'key-point-on-curve': {
    fr: "le point n'est pas sur la courbe {curve}",
    en: 'the point is not on the curve {curve}',
  },
  'key-point-on-curve/ed25519': {
    fr: "les octets ne sont pas un point d'edwards25519, ou un point d'ordre faible, dont les signatures ne prouvent rien",
    en: 'the octets are no point of edwards25519, or a point of small order, for which signatures prove nothing',
  },

  'key-differs': {
    fr: 'deux demandes pour une même carte ont la même clé : générez une clé pour chacune',
    en: 'two requests of one card have the same key: make a key for each',
  },
  'key-differs/elsewhere': {
    fr: "cette clé a un certificat d'un autre profil ou d'une autre carte : générez une nouvelle clé",
    en: 'this key has a certificate of another profile or another card: make a new key',
  },
  'key-not-blocked': {
    fr: 'cette clé est bloquée : des tiers détiennent sa clé privée, ou peuvent la calculer ; générez-en une autre',
    en: 'this key is blocked: others have its private key, or can compute it; make another one',
  },
  'key-not-compromised': {
    fr: 'un certificat de cette clé a été révoqué pour compromission : générez-en une autre',
    en: 'a certificate of this key was revoked for compromise: make another one',
  },
  'key-of-one-holder': {
    fr: 'un autre porteur a un certificat pour cette clé : générez-en une pour ce porteur',
    en: 'another holder has a certificate on this key: make one for this holder',
  },
  'key-certified-already': {
    fr: 'cette clé a déjà un certificat de ce profil : générez une nouvelle clé',
    en: 'this key has a certificate of this profile already: make a new key',
  },
  'renewal-with-new-key': {
    fr: 'cette clé a déjà un certificat : un renouvellement exige une nouvelle clé',
    en: 'this key has a certificate already: a renewal is on a new one',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
