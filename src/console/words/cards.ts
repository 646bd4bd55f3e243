import type { Bilingual } from '../../kernel/bilingual.js';
import type { CapabilityReason } from '../../policy/card-generations.js';
import type { CardState, HolderState, OpenProcedure } from '../../ports/store/cards/cards.js';
import type { Tone } from '../components/text.js';
import { REASON_LABELS } from './certificates.js';
import type { Words } from './words.js';

type State = { readonly label: Bilingual; readonly tone: Tone };

export const CARD_STATE_LABELS: Readonly<Record<CardState, State>> = {
  'in-use': { label: { fr: 'En service', en: 'In use' }, tone: 'good' },
  opposed: { label: { fr: 'Opposée', en: 'Opposed' }, tone: 'bad' },
  returned: { label: { fr: 'Rendue', en: 'Returned' }, tone: 'quiet' },
};

export const HOLDER_STATE_LABELS: Readonly<Record<HolderState, State>> = {
  free: { label: { fr: 'Libre', en: 'Free' }, tone: 'good' },
  barred: { label: { fr: 'Interdit', en: 'Barred' }, tone: 'bad' },
};

export const PROCEDURE_LABELS: Readonly<Record<OpenProcedure['kind'], Bilingual>> = {
  update: { fr: 'Mise à jour à distance', en: 'Remote update' },
  replacement: { fr: 'Remplacement', en: 'Replacement' },
};

/** Why a card cannot be updated remotely, as far as its capabilities say. */
export const CAPABILITY_REASON_LABELS: Readonly<Record<CapabilityReason, Bilingual>> = {
  'generation-unknown': {
    fr: "la génération de la carte n'est pas connue de la politique",
    en: 'the policy does not know the generation of the card',
  },
  'generation-cannot-update': {
    fr: 'les cartes de cette génération ne se mettent pas à jour à distance',
    en: 'cards of this generation cannot be updated remotely',
  },
  'applet-too-old': { fr: "l'applet de la carte est trop ancien", en: 'the applet of the card is too old' },
  'key-type-not-made': {
    fr: 'la carte ne fait pas de clé du type voulu',
    en: 'the card cannot make a key of the type that is wanted',
  },
  'no-spare-container': {
    fr: "la carte n'a pas de conteneur libre pour la nouvelle clé",
    en: 'the card has no spare container for the new key',
  },
};

const ENDS: Readonly<Record<string, Bilingual>> = {
  ...REASON_LABELS,
  scrapped: { fr: 'Mise au rebut à la fabrication', en: 'Scrapped in production' },
  replaced: { fr: 'Remplacée par une autre carte', en: 'Replaced by another card' },
};

/** Why a card has ended, as it is stored: a reason of revocation, `scrapped` or `replaced`. */
export function cardEndLabel(reason: string): Bilingual {
  return ENDS[reason] ?? { fr: reason, en: reason };
}

export const CARD_WORDS = {
  one: { fr: 'Carte', en: 'Card' },
  many: { fr: 'Cartes', en: 'Cards' },
  number: { fr: 'Numéro', en: 'Number' },
  product: { fr: 'Produit', en: 'Product' },
  holder: { fr: 'Porteur', en: 'Holder' },
  profession: { fr: 'Profession', en: 'Profession' },
  state: { fr: 'État', en: 'State' },
  stateAt: { fr: 'Depuis le', en: 'Since' },
  why: { fr: 'Motif', en: 'Reason' },
  replacedBy: { fr: 'Remplacée par', en: 'Replaced by' },
  replacedUntil: { fr: 'fin du chevauchement', en: 'end of the overlap' },
  replaces: { fr: 'Remplace', en: 'Replaces' },
  procedure: { fr: 'Procédure en cours', en: 'Open procedure' },
} as const satisfies Words;
