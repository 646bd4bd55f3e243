import type { Bilingual } from '../../kernel/bilingual.js';
import type { WAIT_REASONS } from '../../orders/progress.js';
import type { OrderOutcome, OrderState } from '../../ports/store/orders.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

type State = { readonly label: Bilingual; readonly tone: Tone };

export const ORDER_STATE_LABELS: Readonly<Record<OrderState, State>> = {
  receiving: { label: { fr: 'En réception', en: 'Being received' }, tone: 'quiet' },
  accepted: { label: { fr: 'Acceptée', en: 'Accepted' }, tone: 'quiet' },
  working: { label: { fr: 'En cours', en: 'Working' }, tone: 'warn' },
  paused: { label: { fr: 'En pause', en: 'Paused' }, tone: 'warn' },
  cancelling: { label: { fr: 'Annulation en cours', en: 'Being cancelled' }, tone: 'warn' },
  cancelled: { label: { fr: 'Annulée', en: 'Cancelled' }, tone: 'quiet' },
  finished: { label: { fr: 'Terminée', en: 'Finished' }, tone: 'good' },
  discarded: { label: { fr: 'Écartée : envoi incomplet', en: 'Discarded: upload not complete' }, tone: 'bad' },
};

export const OUTCOME_LABELS: Readonly<Record<OrderOutcome, State>> = {
  issued: { label: { fr: 'Émise', en: 'Issued' }, tone: 'good' },
  duplicate: { label: { fr: 'Déjà émise', en: 'Duplicate' }, tone: 'quiet' },
  refused: { label: { fr: 'Refusée', en: 'Refused' }, tone: 'bad' },
  'not-issued': { label: { fr: 'Non émise', en: 'Not issued' }, tone: 'bad' },
  cancelled: { label: { fr: 'Annulée', en: 'Cancelled' }, tone: 'quiet' },
  'would-issue': { label: { fr: 'Serait émise', en: 'Would be issued' }, tone: 'good' },
  'would-be-duplicate': { label: { fr: 'Serait déjà émise', en: 'Would be a duplicate' }, tone: 'quiet' },
};

export const WAIT_LABELS: Readonly<Record<(typeof WAIT_REASONS)[number], Bilingual>> = {
  pace: { fr: 'le plafond horaire du profil', en: 'the hourly cap of the profile' },
  signer: { fr: 'le service de signature du profil', en: 'the signer of the profile' },
  'under-way': { fr: 'des signatures en cours', en: 'signatures that are under way' },
  fault: {
    fr: 'un défaut de ce programme, signalé dans le journal',
    en: 'a fault of this program, which is in the log',
  },
};

export const ORDER_WORDS = {
  one: { fr: 'Commande', en: 'Order' },
  many: { fr: 'Commandes', en: 'Orders' },
  state: { fr: 'État', en: 'State' },
  reference: { fr: 'Référence du client', en: "Client's reference" },
  account: { fr: 'Compte', en: 'Account' },
  bureau: { fr: 'Personnalisateur', en: 'Card bureau' },
  dryRun: { fr: 'Simulation', en: 'Dry run' },
  real: { fr: 'Commande', en: 'Order' },
  kind: { fr: 'Nature', en: 'Kind' },
  receivedAt: { fr: 'Reçue le', en: 'Received' },
  lines: { fr: 'Lignes', en: 'Lines' },
  done: { fr: 'Traitées', en: 'Done' },
  problems: { fr: 'En échec', en: 'Failed' },
} as const satisfies Words;
