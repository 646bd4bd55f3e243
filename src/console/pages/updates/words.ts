import type { Words } from '../../words/words.js';

export const UPDATES_PAGE_WORDS = {
  list: { fr: 'Liste des mises à jour', en: 'List of updates' },
  caption: { fr: 'Mises à jour, la plus récente en premier', en: 'Updates, newest first' },
  cardHint: { fr: 'Numéro complet de la carte', en: 'Whole number of the card' },
  undetermined: {
    fr: 'Une mise à jour indéterminée attend une décision de deux officiers, ou une réponse de la carte.',
    en: 'An undetermined update waits for a decision of two officers, or for an answer of the card.',
  },
  empty: {
    fr: 'Aucune mise à jour ne correspond. Choisissez un autre état, ou laissez les critères vides.',
    en: 'No update matches. Choose another state, or leave the criteria empty.',
  },
} as const satisfies Words;
