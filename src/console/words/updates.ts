import type { Bilingual } from '../../kernel/bilingual.js';
import type { Supersede, UpdateChannel, UpdateState } from '../../ports/store/cards/card-updates.js';
import type { Tone } from '../components/text.js';
import type { Words } from './words.js';

export const UPDATE_STATE_LABELS: Readonly<Record<UpdateState, { readonly label: Bilingual; readonly tone: Tone }>> = {
  issuing: { label: { fr: 'Signature en cours', en: 'Being signed' }, tone: 'quiet' },
  offered: { label: { fr: 'Proposée à la carte', en: 'Offered to the card' }, tone: 'warn' },
  writing: { label: { fr: 'Écriture de la carte', en: 'Card being written' }, tone: 'warn' },
  undetermined: { label: { fr: 'Indéterminée', en: 'Undetermined' }, tone: 'bad' },
  confirmed: { label: { fr: 'Confirmée', en: 'Confirmed' }, tone: 'good' },
  completed: { label: { fr: 'Achevée', en: 'Completed' }, tone: 'good' },
  abandoned: { label: { fr: 'Abandonnée', en: 'Abandoned' }, tone: 'quiet' },
  failed: { label: { fr: 'Échouée', en: 'Failed' }, tone: 'bad' },
  ended: { label: { fr: 'Interrompue', en: 'Ended' }, tone: 'quiet' },
};

export const SUPERSEDE_LABELS: Readonly<Record<Supersede, Bilingual>> = {
  revoke: { fr: 'ils sont révoqués', en: 'they are revoked' },
  'let-end': { fr: "ils vont jusqu'à leur terme", en: 'they last until their end' },
};

export const CHANNEL_LABELS: Readonly<Record<UpdateChannel, Bilingual>> = {
  'secure-messaging': { fr: 'canal sécurisé (secure messaging)', en: 'secure messaging' },
  none: { fr: 'sans canal sécurisé', en: 'without a secure channel' },
};

export const UPDATE_WORDS = {
  one: { fr: 'Mise à jour à distance', en: 'Remote update' },
  many: { fr: 'Mises à jour à distance', en: 'Remote updates' },
  card: { fr: 'Carte', en: 'Card' },
  state: { fr: 'État', en: 'State' },
  stateAt: { fr: 'Depuis le', en: 'Since' },
  begunAt: { fr: 'Commencée le', en: 'Begun' },
  account: { fr: 'Compte', en: 'Account' },
  campaign: { fr: 'Campagne', en: 'Campaign' },
} as const satisfies Words;
