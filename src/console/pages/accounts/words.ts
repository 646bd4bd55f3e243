import type { Words } from '../../words/words.js';

export const ACCOUNTS_PAGE_WORDS = {
  list: { fr: 'Liste des comptes', en: 'List of accounts' },
  caption: { fr: "Qui peut utiliser l'API et cette console", en: 'Who may use the API and this console' },
  empty: {
    fr: "Aucun compte n'existe. Le premier se crée sur la machine, avec pfcng account add.",
    en: 'There is no account. The first one is made at the machine, with pfcng account add.',
  },
  reads: {
    fr: 'Le journal a les actions et les recherches, et non chaque lecture : un compte peut avoir servi plus tard.',
    en: 'The log has acts and searches, and not each read: an account may have been used later.',
  },
} as const satisfies Words;
