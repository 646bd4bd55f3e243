import type { Words } from '../../words/words.js';

export const SEARCH_WORDS = {
  name: { fr: 'Rechercher', en: 'Search' },
  find: { fr: 'Rechercher', en: 'Search' },
  serialHint: { fr: 'En hexadécimal, 32 chiffres', en: 'Hexadecimal, 32 digits' },
  cardHint: { fr: 'Numéro de la carte', en: 'Number of the card' },
  holderHint: { fr: 'Identifiant national : RPPS ou autre', en: 'National identifier: RPPS or another' },
  structureHint: { fr: 'FINESS, SIREN ou SIRET', en: 'FINESS, SIREN or SIRET' },
  recorded: {
    fr: "Chaque recherche est inscrite au journal d'audit, avec votre compte.",
    en: 'Each search is recorded in the audit log, with your account.',
  },
  results: { fr: 'Certificats trouvés', en: 'Certificates that were found' },
  newestFirst: { fr: 'Les plus récents en premier', en: 'Newest first' },
  none: {
    fr: "Aucun certificat visible avec ce compte ne correspond. Vérifiez les numéros, ou retirez un critère : un numéro de carte ou d'identité suffit.",
    en: 'No certificate that this account can see matches. Check the numbers, or leave a criterion out: the number of a card or of a holder is enough.',
  },
  start: {
    fr: "Donnez un numéro de carte, l'identifiant d'un porteur ou un numéro de série.",
    en: 'Give the number of a card, the identifier of a holder or a serial number.',
  },
} as const satisfies Words;
