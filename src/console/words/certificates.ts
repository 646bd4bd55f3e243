import type { Bilingual } from '../../kernel/bilingual.js';
import type { CertificateStatus } from '../../lifecycle/certificate-states.js';
import type { RevocationReason } from '../../ports/store/statuses.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

export const STATUS_LABELS: Readonly<Record<CertificateStatus, { readonly label: Bilingual; readonly tone: Tone }>> = {
  pending: { label: { fr: 'À confirmer', en: 'To be confirmed' }, tone: 'warn' },
  issued: { label: { fr: 'En vigueur', en: 'In force' }, tone: 'good' },
  suspended: { label: { fr: 'Suspendu', en: 'Suspended' }, tone: 'warn' },
  revoked: { label: { fr: 'Révoqué', en: 'Revoked' }, tone: 'bad' },
  expired: { label: { fr: 'Expiré', en: 'Expired' }, tone: 'quiet' },
};

/** What OCSP answers (RFC 6960 2.2). */
export const OCSP_LABELS: Readonly<
  Record<'good' | 'revoked' | 'unknown', { readonly label: Bilingual; readonly tone: Tone }>
> = {
  good: { tone: 'good', label: { fr: 'Bon', en: 'Good' } },
  revoked: { tone: 'bad', label: { fr: 'Révoqué', en: 'Revoked' } },
  unknown: { tone: 'warn', label: { fr: 'Inconnu', en: 'Unknown' } },
};

/** The reasons of RFC 5280 5.3.1 in words. */
export const REASON_LABELS: Readonly<Record<RevocationReason, Bilingual>> = {
  unspecified: { fr: 'Sans motif particulier', en: 'Unspecified' },
  keyCompromise: { fr: 'Clé compromise', en: 'Key compromise' },
  affiliationChanged: { fr: 'Rattachement modifié', en: 'Affiliation changed' },
  superseded: { fr: 'Remplacé', en: 'Superseded' },
  cessationOfOperation: { fr: "Cessation d'activité", en: 'Cessation of operation' },
  certificateHold: { fr: 'Suspension', en: 'Suspension' },
  privilegeWithdrawn: { fr: 'Droits retirés', en: 'Privilege withdrawn' },
};

export const CERTIFICATE_WORDS = {
  one: { fr: 'Certificat', en: 'Certificate' },
  many: { fr: 'Certificats', en: 'Certificates' },
  serial: { fr: 'Numéro de série', en: 'Serial number' },
  subject: { fr: 'Titulaire', en: 'Subject' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  profile: { fr: 'Profil', en: 'Profile' },
  holder: { fr: 'Porteur', en: 'Holder' },
  structure: { fr: 'Structure', en: 'Structure' },
  card: { fr: 'Carte', en: 'Card' },
  status: { fr: 'État', en: 'Status' },
  notBefore: { fr: 'Valable du', en: 'Valid from' },
  notAfter: { fr: "Valable jusqu'au", en: 'Valid until' },
  issuedAt: { fr: 'Émis le', en: 'Issued' },
  account: { fr: 'Compte demandeur', en: 'Account that asked for it' },
  keyType: { fr: 'Type de clé', en: 'Type of key' },
  key: { fr: 'SHA-256 de la clé', en: 'SHA-256 of the key' },
  fingerprint: { fr: 'SHA-256 du certificat', en: 'SHA-256 of the certificate' },
  renews: { fr: 'Renouvelle', en: 'Renews' },
  revokedAt: { fr: 'Révoqué le', en: 'Revoked' },
  suspendedAt: { fr: 'Suspendu le', en: 'Suspended' },
  reason: { fr: 'Motif', en: 'Reason' },
  invalidityDate: { fr: 'Non fiable depuis le', en: 'Not to be trusted since' },
} as const satisfies Words;

export const ACTOR_WORDS = {
  system: { fr: 'La plateforme', en: 'The platform' },
} as const satisfies Words;
