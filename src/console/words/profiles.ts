/** The values of profiles in words. A value without words does not compile. */
import type { Bilingual } from '../../kernel/bilingual.js';
import type { SelfServiceAction } from '../../policy/card-policy.js';
import type { Assurance, ExtendedKeyUsage, KeyUsageBit, Profile, SubjectAttribute } from '../../policy/model.js';
import type { KeyOrigin } from '../../ports/store/certificates.js';
import type { Words } from './words.js';

type Labels<Value extends string> = Readonly<Record<Value, Bilingual>>;

export const HOLDER_LABELS: Labels<Profile['holder']> = {
  professional: { fr: 'Professionnel de santé', en: 'Health professional' },
  staff: { fr: "Personnel d'une structure", en: 'Staff of a structure' },
  organisation: { fr: 'Structure (application)', en: 'Structure (application)' },
  server: { fr: 'Serveur', en: 'Server' },
  responder: { fr: 'Répondeur OCSP de la plateforme', en: 'OCSP responder of the platform' },
  'cmp-signer': { fr: 'Signataire CMP de la plateforme', en: 'CMP signer of the platform' },
};

export const ASSURANCE_LABELS: Labels<Assurance> = {
  low: { fr: 'faible', en: 'low' },
  substantial: { fr: 'substantiel', en: 'substantial' },
  high: { fr: 'élevé', en: 'high' },
};

export const KEY_ORIGIN_LABELS: Labels<KeyOrigin> = {
  card: { fr: 'dans la carte', en: 'in the card' },
  module: { fr: 'dans un module matériel', en: 'in a hardware module' },
  software: { fr: 'par un logiciel', en: 'by software' },
};

export const KEY_USAGE_LABELS: Labels<KeyUsageBit> = {
  digitalSignature: { fr: 'signature numérique', en: 'digital signature' },
  nonRepudiation: { fr: 'signature qui engage', en: 'signature that commits' },
  keyEncipherment: { fr: 'chiffrement de clé (RSA)', en: 'key encipherment (RSA)' },
  keyAgreement: { fr: 'accord de clé (courbes)', en: 'key agreement (curves)' },
  keyCertSign: { fr: 'signature de certificats', en: 'signature of certificates' },
  cRLSign: { fr: 'signature de LCR', en: 'signature of CRLs' },
};

export const EXTENDED_USAGE_LABELS: Labels<ExtendedKeyUsage> = {
  serverAuth: { fr: "authentification d'un serveur TLS", en: 'authentication of a TLS server' },
  clientAuth: { fr: "authentification d'un client TLS", en: 'authentication of a TLS client' },
  emailProtection: { fr: 'messagerie sécurisée (S/MIME)', en: 'secure mail (S/MIME)' },
  smartcardLogon: { fr: 'ouverture de session par carte', en: 'log-on with a smart card' },
  ocspSigning: { fr: 'réponses OCSP', en: 'OCSP responses' },
  cmcCa: { fr: "réponses CMP au nom de l'AC", en: 'CMP answers for the CA' },
};

export const ALTERNATIVE_NAME_LABELS: Labels<NonNullable<Profile['subjectAltName']>> = {
  upn: {
    fr: "nom d'utilisateur (UPN) fait de l'identifiant du porteur",
    en: 'user principal name (UPN) made of the id',
  },
  dns: { fr: 'noms du serveur', en: 'names of the server' },
  email: { fr: 'adresses de messagerie', en: 'mail addresses' },
};

export const SUSPENSION_LABELS: Labels<Profile['suspensionAllowed']> = {
  always: { fr: 'par les comptes et les campagnes', en: 'by accounts and campaigns' },
  campaign: { fr: 'par les campagnes seulement', en: 'by campaigns only' },
  never: { fr: 'jamais', en: 'never' },
};

export const SELF_SERVICE_LABELS: Labels<SelfServiceAction> = {
  'read-self': { fr: 'se lire', en: 'read itself' },
  'begin-update': { fr: 'commencer une mise à jour', en: 'begin an update' },
  'confirm-update': { fr: 'confirmer une mise à jour', en: 'confirm an update' },
  'abandon-update': { fr: 'abandonner une mise à jour', en: 'abandon an update' },
  'revoke-self': { fr: 'se révoquer', en: 'revoke itself' },
  'renew-self': { fr: 'se renouveler', en: 'renew itself' },
};

export const ATTRIBUTE_LABELS: Labels<SubjectAttribute['type']> = {
  countryName: { fr: 'Pays (C)', en: 'Country (C)' },
  stateOrProvinceName: { fr: 'Département (ST)', en: 'Department (ST)' },
  organizationName: { fr: 'Organisation (O)', en: 'Organisation (O)' },
  organizationalUnitName: { fr: 'Unité (OU)', en: 'Unit (OU)' },
  title: { fr: 'Titre (T)', en: 'Title (T)' },
  givenName: { fr: 'Prénom (GN)', en: 'Given name (GN)' },
  surname: { fr: 'Nom (SN)', en: 'Surname (SN)' },
  commonName: { fr: 'Nom usuel (CN)', en: 'Common name (CN)' },
  pseudonym: { fr: 'Pseudonyme', en: 'Pseudonym' },
};

/** The members of requests that subjects are made of, by their JSON pointers. */
export const MEMBER_LABELS: Readonly<Record<string, Bilingual>> = {
  '/holder/idNat': { fr: 'identifiant national du porteur', en: 'national identifier of the holder' },
  '/holder/givenName': { fr: 'prénom du porteur', en: 'given name of the holder' },
  '/holder/surname': { fr: 'nom du porteur', en: 'surname of the holder' },
  '/holder/pseudonym': { fr: 'pseudonyme du porteur', en: 'pseudonym of the holder' },
  '/holder/title': { fr: 'titre du porteur', en: 'title of the holder' },
  '/holder/application': { fr: "nom de l'application", en: 'name of the application' },
  '/holder/names/0': { fr: 'premier nom du serveur', en: 'first name of the server' },
  '/holder/structure/id': { fr: 'numéro de la structure', en: 'number of the structure' },
  '/holder/structure/name': { fr: 'nom de la structure', en: 'name of the structure' },
  '/holder/structure/department': { fr: 'département de la structure', en: 'department of the structure' },
  '/responder/organizationalUnit': { fr: "unité de l'environnement", en: 'unit of the environment' },
  '/responder/commonName': { fr: 'nom du répondeur', en: 'name of the responder' },
  '/cmpSigner/organizationalUnit': { fr: "unité de l'environnement", en: 'unit of the environment' },
  '/cmpSigner/commonName': { fr: 'nom du signataire CMP', en: 'name of the CMP signer' },
};

export const PROFILE_WORDS = {
  profile: { fr: 'Profil', en: 'Profile' },
  title: { fr: 'Titre', en: 'Title' },
  authority: { fr: 'AC émettrice', en: 'Issuing CA' },
  holder: { fr: 'Porteur', en: 'Holder' },
  cards: { fr: 'Cartes', en: 'Cards' },
  noCard: { fr: 'Aucune : la clé est ailleurs', en: 'None: the key is elsewhere' },
  validity: { fr: 'Durée', en: 'Validity' },
  years: { fr: '{count}\u00a0ans', en: '{count}\u00a0years' },
  days: { fr: '{count}\u00a0jours', en: '{count}\u00a0days' },
  hours: { fr: '{count}\u00a0heures', en: '{count}\u00a0hours' },
  minutes: { fr: '{count}\u00a0minutes', en: '{count}\u00a0minutes' },
  keyTypes: { fr: 'Types de clé', en: 'Types of key' },
} as const satisfies Words;
