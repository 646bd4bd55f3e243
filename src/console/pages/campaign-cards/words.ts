import type { Words } from '../../words/words.js';

export const CAMPAIGN_CARDS_WORDS = {
  title: { fr: 'Cartes de la campagne {name}', en: 'Cards of campaign {name}' },
  name: { fr: "Cartes d'une campagne", en: 'Cards of a campaign' },
  list: { fr: 'Liste des cartes', en: 'List of cards' },
  caption: { fr: 'Cartes, par numéro', en: 'Cards, by number' },
  attempts: { fr: 'Échecs', en: 'Failures' },
  place: { fr: 'Place à partir du', en: 'Place from' },
  updates: { fr: 'Mises à jour', en: 'Updates' },
  back: { fr: 'Retour à la campagne', en: 'Back to the campaign' },
  empty: {
    fr: 'Aucune carte ne correspond. Choisissez un autre état.',
    en: 'No card matches. Choose another state.',
  },
} as const satisfies Words;
