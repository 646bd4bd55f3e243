/** Texts about the proofs that cards sign, and about certificates that act for themselves. */
import type { Bilingual } from '../kernel/bilingual.js';

export const PROOF_RULES = {
  'statement-canonical': {
    fr: "la déclaration n'est pas un objet JSON sous sa forme canonique (RFC 8785), en UTF-8, de {max} octets au plus",
    en: 'the statement is not a JSON object in its canonical form (RFC 8785), in UTF-8, of at most {max} octets',
  },
  'statement-members': { fr: "la déclaration n'est pas un objet JSON", en: 'the statement is not a JSON object' },
  'statement-members/verb': {
    fr: "le membre verb de la déclaration doit être l'un de {verbs}",
    en: 'the member verb of the statement must be one of {verbs}',
  },
  'statement-members/known': {
    fr: "une déclaration {verb} n'a pas d'autres membres que {members}",
    en: 'a statement {verb} has no other members than {members}',
  },
  'statement-members/value': {
    fr: "le membre {member} de la déclaration est absent ou n'a pas la forme prescrite",
    en: 'the member {member} of the statement is missing or malformed',
  },
  'statement-members/other-verb': {
    fr: 'cet appel demande une déclaration dont le membre verb est {verb}',
    en: 'this call takes a statement whose verb is {verb}',
  },
  'statement-members/other': {
    fr: "le membre {member} de la déclaration n'est pas celui de la requête",
    en: 'the member {member} of the statement is not that of the request',
  },
  'statement-environment': {
    fr: 'la déclaration est faite pour un autre environnement que {environment}',
    en: 'the statement is for another environment than {environment}',
  },
  'statement-platform': {
    fr: 'la déclaration ne désigne pas la clé de cette plateforme : GET /v1/keys la donne',
    en: 'the statement does not name the key of this platform: GET /v1/keys lists it',
  },
  'statement-card': {
    fr: 'la déclaration est faite pour une autre carte que celle de la requête',
    en: 'the statement is for another card than the request',
  },
  'statement-requests': {
    fr: 'la déclaration ne désigne pas les demandes de la requête, dans leur ordre, par leur empreinte et leur profil',
    en: 'the statement does not name the requests of the body, in their order, by their hash and profile',
  },
  'statement-time': {
    fr: "la déclaration n'est pas datée à {minutes} minutes près de l'heure de la plateforme, {now}",
    en: "the statement is not dated within {minutes} minutes of the platform's time, {now}",
  },
  'signature-verifies': {
    fr: "la signature n'est pas celle de la clé de ce certificat sur cette déclaration",
    en: "the signature is not one of the certificate's key over this statement",
  },
  'signature-verifies/base64': { fr: "la signature n'est pas en base64", en: 'the signature is not base64' },
  'cms-shape': {
    fr: "la structure CMS n'a pas la forme admise : octet {octet} : {why}",
    en: 'the CMS does not have the accepted shape: octet {octet}: {why}',
  },
  'cms-shape/base64': { fr: "la structure CMS n'est pas en base64", en: 'the CMS is not base64' },
  'cms-shape/content': {
    fr: "le contenu de la structure CMS n'est pas une déclaration avec son préfixe",
    en: 'the content of the CMS is not a statement with its prefix',
  },
  'cms-shape/signer': {
    fr: 'la structure CMS désigne un autre certificat que certificateId',
    en: 'the CMS names another certificate than certificateId',
  },
  'certificate-of-this-card': {
    fr: "certificateId n'est pas un certificat de cette carte",
    en: 'certificateId is not a certificate of this card',
  },
  'proof-form': {
    fr: 'donnez soit statement et signature, soit cms',
    en: 'give either statement and signature, or cms',
  },
  'invalidity-date-signed': {
    fr: "une déclaration de carte n'a pas de date d'invalidité",
    en: 'a statement of a card has no invalidity date',
  },
  'reason-of-the-holder': {
    fr: 'un certificat ne peut donner pour lui-même que les motifs {reasons}',
    en: 'a certificate can give only these reasons for itself: {reasons}',
  },
  'self-service': {
    fr: "un certificat n'a pas ici le droit d'agir pour lui-même ({action})",
    en: 'a certificate may not act for itself here ({action})',
  },
  'self-subject': {
    fr: 'un certificat ne peut agir que pour lui-même et pour sa carte',
    en: 'a certificate can act only for itself and for its card',
  },
  'self-subject/authentication': {
    fr: "seul le certificat d'authentification d'une carte agit pour toute la carte",
    en: 'only the authentication certificate of a card acts for the whole card',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
