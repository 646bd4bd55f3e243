import type { Words } from '../../words/words.js';

export const APPROVALS_PAGE_WORDS = {
  list: { fr: 'Liste des demandes', en: 'List of approvals' },
  caption: { fr: 'Demandes, la plus récente en premier', en: 'Approvals, newest first' },
  all: { fr: 'Tous les états', en: 'All states' },
  hint: {
    fr: "Ce qu'un officier demande, un autre l'approuve ou le refuse.",
    en: 'What one officer requests, another approves or refuses.',
  },
  empty: {
    fr: 'Aucune demande dans cet état. Choisissez un autre état pour voir les décisions passées.',
    en: 'No approval in this state. Choose another state to see past decisions.',
  },
} as const satisfies Words;
