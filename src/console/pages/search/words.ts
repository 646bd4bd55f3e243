import type { Words } from '../../words/words.js';

export const SEARCH_WORDS = {
  name: { fr: 'Rechercher', en: 'Search' },
  find: { fr: 'Rechercher', en: 'Search' },
  serialHint: {
    fr: 'Hexadécimal ou décimal',
    en: 'Hexadecimal or decimal',
  },
  serialForm: {
    fr: "Donnez un numéro en hexadécimal ou en décimal, tel qu'un logiciel le montre.",
    en: 'Give a number in hexadecimal or decimal, as a program shows it.',
  },
  cardHint: { fr: 'Numéro de la carte', en: 'Number of the card' },
  holderHint: { fr: 'Identifiant national : RPPS ou autre', en: 'National identifier: RPPS or another' },
  structureHint: { fr: 'FINESS, SIREN ou SIRET', en: 'FINESS, SIREN or SIRET' },
  order: { fr: 'Commande', en: 'Order' },
  orderHint: { fr: 'Identifiant de la commande', en: 'Identifier of the order' },
  orderForm: {
    fr: "Donnez les 36 caractères de l'identifiant, tel que la commande le montre.",
    en: 'Give the 36 characters of the identifier, as the order shows it.',
  },
  issuedFrom: { fr: 'Émis du', en: 'Issued from' },
  issuedUntil: { fr: "Émis jusqu'au", en: 'Issued until' },
  expiresFrom: { fr: 'Fin de validité du', en: 'Ends from' },
  expiresUntil: { fr: "Fin de validité jusqu'au", en: 'Ends until' },
  more: { fr: 'Plus de critères : profil, AC, commande, dates', en: 'More criteria: profile, CA, order, dates' },
  recorded: {
    fr: "Chaque recherche est inscrite au journal d'audit, avec votre compte.",
    en: 'Each search is recorded in the audit log, with your account.',
  },
  results: { fr: 'Certificats trouvés', en: 'Certificates that were found' },
  newestFirst: { fr: 'Les plus récents en premier', en: 'Newest first' },
  none: {
    fr: 'Aucun certificat visible avec ce compte ne correspond. Vérifiez les numéros, ou retirez un critère : un numéro de carte ou un identifiant de porteur suffit.',
    en: 'No certificate that this account can see matches. Check the numbers, or leave a criterion out: the number of a card or of a holder is enough.',
  },
  noneYet: {
    fr: 'Aucun dans cette partie de la recherche, qui continue à la page suivante.',
    en: 'None in this part of the search, which goes on in the next page.',
  },
  start: {
    fr: "Donnez un numéro de carte, l'identifiant d'un porteur, un numéro de série ou une structure.",
    en: 'Give the number of a card, the identifier of a holder, a serial number or a structure.',
  },
  openCard: { fr: 'Ouvrir la carte, pour la révoquer ou la remplacer', en: 'Open the card, to revoke or replace it' },
  exportAll: { fr: 'Exporter tout le résultat, sans les noms :', en: 'Export the whole result, without names:' },
  csv: { fr: 'tableau (CSV)', en: 'table (CSV)' },
  ndjson: { fr: 'une ligne JSON par certificat (NDJSON)', en: 'a JSON line for each certificate (NDJSON)' },
} as const satisfies Words;
