/** What the extensions of certificates are called, and what they mean, for people. */
import type { OidName } from '../../../asn1/oids.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { KnownExtension } from '../../../lint/reading/decoded-extensions.js';
import type { Words } from '../../words/words.js';

type ExtensionWords = { readonly name: Bilingual; readonly meaning: Bilingual };

/** Each extension that the lint can decode. */
export const EXTENSION_WORDS: Readonly<Record<KnownExtension, ExtensionWords>> = {
  basicConstraints: {
    name: { fr: 'Contraintes de base', en: 'Basic constraints' },
    meaning: {
      fr: 'Dit si le titulaire est une AC, qui peut émettre des certificats.',
      en: 'Says whether the subject is a CA, which may issue certificates.',
    },
  },
  keyUsage: {
    name: { fr: 'Usages de la clé', en: 'Key usage' },
    meaning: {
      fr: 'Ce que la clé peut faire. Un logiciel refuse tout autre usage.',
      en: 'What the key may do. Programs refuse any other use.',
    },
  },
  extKeyUsage: {
    name: { fr: 'Usages étendus de la clé', en: 'Extended key usage' },
    meaning: {
      fr: 'Les emplois pour lesquels le certificat est émis.',
      en: 'The purposes for which the certificate is issued.',
    },
  },
  authorityKeyIdentifier: {
    name: { fr: "Identifiant de la clé de l'AC", en: 'Authority key identifier' },
    meaning: {
      fr: "Désigne la clé qui a signé : elle relie le certificat à celui de l'AC.",
      en: 'Names the key that has signed: it leads from the certificate to that of the CA.',
    },
  },
  subjectKeyIdentifier: {
    name: { fr: 'Identifiant de la clé du titulaire', en: 'Subject key identifier' },
    meaning: { fr: 'Désigne la clé de ce certificat.', en: 'Names the key of this certificate.' },
  },
  certificatePolicies: {
    name: { fr: 'Politiques de certification', en: 'Certificate policies' },
    meaning: {
      fr: "Les règles suivies pour l'émettre, et où les lire.",
      en: 'The rules under which it was issued, and where to read them.',
    },
  },
  crlDistributionPoints: {
    name: { fr: 'Points de distribution des LCR', en: 'CRL distribution points' },
    meaning: {
      fr: 'Où se trouve la liste des certificats révoqués.',
      en: 'Where the list of revoked certificates is.',
    },
  },
  freshestCrl: {
    name: { fr: 'LCR delta', en: 'Freshest CRL' },
    meaning: {
      fr: 'Où se trouvent les derniers changements de la liste.',
      en: 'Where the latest changes of the list are.',
    },
  },
  authorityInfoAccess: {
    name: { fr: "Accès aux informations de l'AC", en: 'Authority information access' },
    meaning: {
      fr: "Où demander l'état du certificat (OCSP), et où est le certificat de l'AC.",
      en: 'Where to ask for the status (OCSP), and where the certificate of the CA is.',
    },
  },
  subjectInfoAccess: {
    name: { fr: 'Accès aux informations du titulaire', en: 'Subject information access' },
    meaning: { fr: 'Services que le titulaire offre.', en: 'Services that the subject offers.' },
  },
  subjectAltName: {
    name: { fr: 'Autres noms du titulaire', en: 'Subject alternative names' },
    meaning: {
      fr: 'Noms sous lesquels les logiciels reconnaissent le titulaire : compte, adresse, nom de domaine.',
      en: 'Names by which programs know the subject: account, address, domain name.',
    },
  },
  issuerAltName: {
    name: { fr: "Autres noms de l'émetteur", en: 'Issuer alternative names' },
    meaning: { fr: "Autres noms de l'AC.", en: 'Other names of the CA.' },
  },
  subjectDirectoryAttributes: {
    name: { fr: "Attributs d'annuaire du titulaire", en: 'Subject directory attributes' },
    meaning: { fr: 'Qualités du titulaire.', en: 'Attributes of the subject.' },
  },
  nameConstraints: {
    name: { fr: 'Contraintes de noms', en: 'Name constraints' },
    meaning: { fr: "Les noms que l'AC peut certifier.", en: 'The names that the CA may certify.' },
  },
  policyConstraints: {
    name: { fr: 'Contraintes de politiques', en: 'Policy constraints' },
    meaning: { fr: 'Limite les politiques de la chaîne.', en: 'Limits the policies of the chain.' },
  },
  policyMappings: {
    name: { fr: 'Équivalences de politiques', en: 'Policy mappings' },
    meaning: { fr: 'Politiques qui se valent.', en: 'Policies that are equivalent.' },
  },
  inhibitAnyPolicy: {
    name: { fr: 'Interdiction de « toute politique »', en: 'Inhibit anyPolicy' },
    meaning: { fr: 'Limite les politiques de la chaîne.', en: 'Limits the policies of the chain.' },
  },
  privateKeyUsagePeriod: {
    name: { fr: "Période d'usage de la clé privée", en: 'Private key usage period' },
    meaning: {
      fr: "La clé privée signe pendant cette période ; le certificat reste vérifiable jusqu'à sa fin.",
      en: 'The private key signs in this period; the certificate can be verified until its end.',
    },
  },
  ocspNoCheck: {
    name: { fr: 'Répondeur OCSP sans vérification', en: 'OCSP no check' },
    meaning: {
      fr: "L'état de ce certificat de répondeur ne se demande pas.",
      en: 'Nobody asks for the status of this certificate of a responder.',
    },
  },
  gipCardType: {
    name: { fr: 'Type de carte', en: 'Card type' },
    meaning: { fr: 'Extension du secteur de la santé.', en: 'Extension of the French health sector.' },
  },
  gipCardId: {
    name: { fr: 'Numéro de la carte', en: 'Card number' },
    meaning: { fr: 'Extension du secteur de la santé.', en: 'Extension of the French health sector.' },
  },
  gipCardCategory: {
    name: { fr: 'Catégorie de carte', en: 'Card category' },
    meaning: { fr: 'Extension du secteur de la santé.', en: 'Extension of the French health sector.' },
  },
  gipProfessionCode: {
    name: { fr: 'Code de profession', en: 'Profession code' },
    meaning: { fr: 'Extension du secteur de la santé.', en: 'Extension of the French health sector.' },
  },
};

/** The bits of keyUsage, in their order (RFC 5280 4.2.1.3). */
export const KEY_USAGE_WORDS: readonly Bilingual[] = [
  { fr: "Signature numérique, dont l'authentification", en: 'Digital signature, such as authentication' },
  { fr: 'Signature qui engage (non-répudiation)', en: 'Signature that commits (non-repudiation)' },
  { fr: 'Chiffrement de clés', en: 'Key encipherment' },
  { fr: 'Chiffrement de données', en: 'Data encipherment' },
  { fr: 'Accord de clés', en: 'Key agreement' },
  { fr: 'Signature de certificats', en: 'Certificate signing' },
  { fr: 'Signature de LCR', en: 'CRL signing' },
  { fr: 'Chiffrement seul, après un accord de clés', en: 'Encipher only, after key agreement' },
  { fr: 'Déchiffrement seul, après un accord de clés', en: 'Decipher only, after key agreement' },
];

export const PURPOSE_WORDS: Readonly<Partial<Record<OidName, Bilingual>>> = {
  serverAuth: { fr: 'Authentification de serveur (TLS)', en: 'Server authentication (TLS)' },
  clientAuth: { fr: 'Authentification de client (TLS)', en: 'Client authentication (TLS)' },
  emailProtection: { fr: 'Courriel signé ou chiffré (S/MIME)', en: 'Signed or encrypted mail (S/MIME)' },
  ocspSigning: { fr: 'Signature de réponses OCSP', en: 'OCSP response signing' },
  cmcCa: { fr: "Réponses CMP au nom de l'AC", en: 'CMP answers for the CA' },
  smartcardLogon: { fr: 'Ouverture de session par carte', en: 'Smart card log-on' },
  anyExtendedKeyUsage: { fr: 'Tout usage', en: 'Any purpose' },
};

/** Attributes of names (X.520). */
export const ATTRIBUTE_WORDS: Readonly<Partial<Record<OidName, Bilingual>>> = {
  countryName: { fr: 'Pays', en: 'Country' },
  stateOrProvinceName: { fr: 'Département ou région', en: 'State or province' },
  localityName: { fr: 'Ville', en: 'Locality' },
  organizationName: { fr: 'Organisation', en: 'Organisation' },
  organizationalUnitName: { fr: "Unité d'organisation", en: 'Organisational unit' },
  organizationIdentifier: { fr: "Identifiant de l'organisation", en: 'Organisation identifier' },
  title: { fr: 'Titre', en: 'Title' },
  commonName: { fr: 'Nom commun', en: 'Common name' },
  surname: { fr: 'Nom', en: 'Surname' },
  givenName: { fr: 'Prénom', en: 'Given name' },
  pseudonym: { fr: 'Pseudonyme', en: 'Pseudonym' },
  serialNumber: { fr: 'Identifiant', en: 'Identifier' },
  emailAddress: { fr: 'Courriel', en: 'Mail' },
};

export const NAME_KIND_WORDS = {
  upn: { fr: 'Compte (UPN)', en: 'Account (UPN)' },
  dns: { fr: 'Nom de domaine', en: 'Domain name' },
  uri: { fr: 'Adresse', en: 'Address' },
  email: { fr: 'Courriel', en: 'Mail' },
  smtpUtf8: { fr: 'Courriel', en: 'Mail' },
  ip: { fr: 'Adresse IP', en: 'IP address' },
  other: { fr: 'Autre', en: 'Other' },
} as const satisfies Words;

export const VALUE_WORDS = {
  authority: { fr: "C'est une AC.", en: 'It is a CA.' },
  notAuthority: { fr: "Ce n'est pas une AC : il n'émet rien.", en: 'It is no CA: it issues nothing.' },
  pathLength: { fr: 'AC sous elle, au plus', en: 'CAs below it, at most' },
  policy: { fr: 'Politique', en: 'Policy' },
  statement: { fr: 'Déclaration des pratiques', en: 'Practice statement' },
  notice: { fr: 'Texte', en: 'Notice' },
  ocsp: { fr: 'OCSP', en: 'OCSP' },
  caIssuers: { fr: "Certificat de l'AC", en: 'Certificate of the CA' },
  from: { fr: 'Du', en: 'From' },
  until: { fr: "Jusqu'au", en: 'Until' },
  malformed: { fr: 'Contenu illisible', en: 'Content that cannot be read' },
  octets: { fr: 'Octets', en: 'Octets' },
} as const satisfies Words;
