import type { Bilingual } from '../../kernel/bilingual.js';
import type {
  CampaignAction,
  CampaignCardState,
  CampaignDocument,
  CampaignState,
  DateKind,
} from '../../ports/store/cards/campaigns.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

type State = { readonly label: Bilingual; readonly tone: Tone };

export const CAMPAIGN_STATE_LABELS: Readonly<Record<CampaignState, State>> = {
  draft: { label: { fr: 'Brouillon : attend des listes', en: 'Draft: waits for lists' }, tone: 'quiet' },
  preparing: { label: { fr: 'Population en préparation', en: 'Population being written' }, tone: 'quiet' },
  ready: { label: { fr: 'Prête à ouvrir', en: 'Ready to open' }, tone: 'warn' },
  open: { label: { fr: 'Ouverte', en: 'Open' }, tone: 'good' },
  paused: { label: { fr: 'En pause', en: 'Paused' }, tone: 'warn' },
  ended: { label: { fr: 'Terminée', en: 'Ended' }, tone: 'quiet' },
};

export const CAMPAIGN_CARD_STATE_LABELS: Readonly<Record<CampaignCardState, State>> = {
  waiting: { label: { fr: 'En attente', en: 'Waiting' }, tone: 'quiet' },
  ticket: { label: { fr: 'A une place', en: 'Has a place' }, tone: 'quiet' },
  begun: { label: { fr: 'Commencée', en: 'Begun' }, tone: 'warn' },
  undetermined: { label: { fr: 'Indéterminée', en: 'Undetermined' }, tone: 'bad' },
  'to-desk': { label: { fr: 'Au guichet', en: 'To a desk' }, tone: 'bad' },
  confirmed: { label: { fr: 'Confirmée', en: 'Confirmed' }, tone: 'good' },
  gone: { label: { fr: 'Sortie de la campagne', en: 'Gone' }, tone: 'quiet' },
};

export const DATE_LABELS: Readonly<Record<DateKind, Bilingual>> = {
  suspension: { fr: 'Suspension', en: 'Suspension' },
  revocation: { fr: 'Révocation', en: 'Revocation' },
};

export const CAMPAIGN_ACTION_LABELS: Readonly<Record<CampaignAction['kind'], Bilingual>> = {
  suspend: { fr: 'Suspension en cours', en: 'Suspension under way' },
  revoke: { fr: 'Révocation en cours', en: 'Revocation under way' },
  release: { fr: 'Levée des suspensions en cours', en: 'Release under way' },
};

export const CAMPAIGN_CHANNEL_LABELS: Readonly<Record<CampaignDocument['channel'], Bilingual>> = {
  'secure-messaging': { fr: 'canal sécurisé exigé (secure messaging)', en: 'secure messaging is required' },
  any: { fr: 'tout canal', en: 'any channel' },
};

export const CAMPAIGN_WORDS = {
  one: { fr: 'Campagne', en: 'Campaign' },
  many: { fr: 'Campagnes', en: 'Campaigns' },
  name: { fr: 'Nom', en: 'Name' },
  state: { fr: 'État', en: 'State' },
  stateAt: { fr: 'Depuis le', en: 'Since' },
  createdAt: { fr: 'Créée le', en: 'Created' },
  createdBy: { fr: 'Créée par', en: 'Created by' },
  reason: { fr: 'Motif de révocation', en: 'Reason of revocation' },
  class: { fr: 'Classe', en: 'Class' },
  card: { fr: 'Carte', en: 'Card' },
  cards: { fr: 'Cartes', en: 'Cards' },
  total: { fr: 'Total', en: 'Total' },
  deskReason: { fr: 'Motif du guichet', en: 'Reason for a desk' },
  issuers: { fr: 'Émetteurs', en: 'Issuers' },
  profiles: { fr: 'Profils', en: 'Profiles' },
  keyTypes: { fr: 'Types de clé', en: 'Types of key' },
  keyMadeFrom: { fr: 'Certificats émis à partir du', en: 'Certificates made from' },
  keyMadeUntil: { fr: "Certificats émis jusqu'au", en: 'Certificates made until' },
  products: { fr: 'Produits', en: 'Products' },
  professions: { fr: 'Professions', en: 'Professions' },
  generations: { fr: 'Générations de carte', en: 'Generations of cards' },
  appletBelow: { fr: 'Application de carte avant la version', en: 'Applet below version' },
  fromSuspended: { fr: 'Une clé suspendue peut se mettre à jour', en: 'A suspended key may be updated' },
  channel: { fr: 'Canal', en: 'Channel' },
  supersede: { fr: 'Anciens certificats, après le chevauchement', en: 'Old certificates, after the overlap' },
  capacity: { fr: 'Mises à jour par heure', en: 'Updates an hour' },
  byProfile: { fr: 'selon leur profil', en: 'as their profile says' },
  yes: { fr: 'oui', en: 'yes' },
  no: { fr: 'non', en: 'no' },
} as const satisfies Words;
