/** The members of statements, and some of their values, in words. */
import type { Bilingual } from '../../../kernel/bilingual.js';
import { CAMPAIGN_STATE_LABELS } from '../../words/campaigns.js';
import { REASON_LABELS } from '../../words/certificates.js';
import { UPDATE_STATE_LABELS } from '../../words/updates.js';
import type { Words } from '../../words/words.js';

export const STATEMENT_WORDS = {
  subject: { fr: 'Ce qui sera fait', en: 'What will be done' },
  object: { fr: "L'objet, tel qu'il était à la demande", en: 'The object, as it was at the request' },
  none: { fr: 'aucun', en: 'none' },
  yes: { fr: 'oui', en: 'yes' },
  no: { fr: 'non', en: 'no' },
} as const satisfies Words;

export const MEMBER_LABELS = {
  account: { fr: 'Compte', en: 'Account' },
  action: { fr: 'Action', en: 'Action' },
  approval: { fr: 'Demande', en: 'Approval' },
  armedAt: { fr: 'Armée le', en: 'Armed' },
  at: { fr: 'Date', en: 'Date' },
  barredAt: { fr: 'Interdit le', en: 'Barred' },
  barredBy: { fr: 'Interdit par', en: 'Barred by' },
  begunAt: { fr: 'Commencée le', en: 'Begun' },
  blockedAt: { fr: 'Bloquée le', en: 'Blocked' },
  blockedBy: { fr: 'Bloquée par', en: 'Blocked by' },
  blockedFor: { fr: 'Motif du blocage', en: 'Why it was blocked' },
  campaign: { fr: 'Campagne', en: 'Campaign' },
  card: { fr: 'Carte', en: 'Card' },
  cards: { fr: 'Nombre de cartes', en: 'Number of cards' },
  certificate: { fr: 'Certificat', en: 'Certificate' },
  createdAt: { fr: 'Créé le', en: 'Created' },
  date: { fr: 'Date', en: 'Date' },
  documentSha256: { fr: 'SHA-256 du document', en: 'SHA-256 of the document' },
  department: { fr: 'Département', en: 'Department' },
  domains: { fr: 'Domaines', en: 'Domains' },
  enabled: { fr: 'Actif', en: 'Enabled' },
  environment: { fr: 'Environnement', en: 'Environment' },
  expiresAt: { fr: "Valable jusqu'au", en: 'Waits until' },
  form: { fr: 'Forme', en: 'Form' },
  holder: { fr: 'Porteur', en: 'Holder' },
  holders: { fr: 'Porteurs', en: 'Holders' },
  id: { fr: 'Identifiant', en: 'Identifier' },
  inFlight: { fr: 'Demandes à la fois', en: 'Requests at once' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  limits: { fr: 'Quotas', en: 'Limits' },
  name: { fr: 'Nom', en: 'Name' },
  networks: { fr: 'Réseaux', en: 'Networks' },
  newCertificates: { fr: 'Nouveaux certificats', en: 'New certificates' },
  notAfter: { fr: "Valable jusqu'au", en: 'Valid until' },
  oldCertificates: { fr: 'Anciens certificats', en: 'Old certificates' },
  outcome: { fr: 'Issue décidée', en: 'Outcome' },
  perDay: { fr: 'Certificats par jour', en: 'Certificates a day' },
  perHour: { fr: 'Certificats par heure', en: 'Certificates an hour' },
  profiles: { fr: 'Profils', en: 'Profiles' },
  reason: { fr: 'Motif', en: 'Reason' },
  requestedAt: { fr: 'Demandée le', en: 'Requested' },
  requestedBy: { fr: 'Demandée par', en: 'Requested by' },
  revocation: { fr: 'Date de révocation', en: 'Date of revocation' },
  revokesAt: { fr: 'Nouvelle date de révocation', en: 'New date of revocation' },
  roles: { fr: 'Rôles', en: 'Roles' },
  scope: { fr: 'Périmètre', en: 'Scope' },
  serial: { fr: 'Numéro de série', en: 'Serial number' },
  spkiSha256: { fr: 'SHA-256 de la clé', en: 'SHA-256 of the key' },
  state: { fr: 'État', en: 'State' },
  structure: { fr: 'Sa structure', en: 'Its structure' },
  structures: { fr: 'Structures', en: 'Structures' },
  suspendsAt: { fr: 'Nouvelle date de suspension', en: 'New date of suspension' },
  suspension: { fr: 'Date de suspension', en: 'Date of suspension' },
  update: { fr: 'Mise à jour', en: 'Update' },
  version: { fr: "Version de l'objet", en: 'Version of the object' },
} as const satisfies Words;

const statesOf = (
  labels: Readonly<Record<string, { readonly label: Bilingual }>>,
): readonly (readonly [string, Bilingual])[] =>
  Object.entries(labels).map(([state, { label }]) => [`state:${state}`, label]);

/** By member and value. Campaigns and updates have one state with the same name: `ended`. */
export const VALUE_LABELS: Readonly<Record<string, Bilingual>> = {
  ...Object.fromEntries([...statesOf(CAMPAIGN_STATE_LABELS), ...statesOf(UPDATE_STATE_LABELS)]),
  ...Object.fromEntries(Object.entries(REASON_LABELS).map(([reason, label]) => [`reason:${reason}`, label])),
  'date:suspension': { fr: 'celle de la suspension', en: 'that of the suspension' },
  'date:revocation': { fr: 'celle de la révocation', en: 'that of the revocation' },
  'outcome:confirmed': {
    fr: 'la carte contient les nouveaux certificats',
    en: 'the card holds the new certificates',
  },
  'outcome:abandoned': {
    fr: 'la carte contient les anciens certificats',
    en: 'the card holds the old certificates',
  },
};
