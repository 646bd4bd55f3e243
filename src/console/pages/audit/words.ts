import type { Words } from '../../words/words.js';

export const AUDIT_PAGE_WORDS = {
  name: { fr: "Journal d'audit", en: 'Audit log' },
  find: { fr: 'Rechercher', en: 'Search' },
  actorHint: {
    fr: 'account:IDENTIFIANT, certificate:AC/NUMÉRO, system ou anonymous',
    en: 'account:ID, certificate:CA/SERIAL, system or anonymous',
  },
  id: { fr: 'Identifiant', en: 'Identifier' },
  idHint: {
    fr: "D'une demande, d'un certificat, d'une commande, d'un compte ou d'une clé",
    en: 'Of a request, certificate, order, account or key',
  },
  since: { fr: 'À partir du jour', en: 'From the day' },
  until: { fr: "Jusqu'au jour", en: 'To the day' },
  tags: {
    fr: "Le journal n'a pas de donnée personnelle : un porteur et une carte y sont cherchés par leur étiquette. Les jours sont en UTC.",
    en: 'The log has no personal data: a holder and a card are searched by their tags. Days are in UTC.',
  },
  results: { fr: 'Entrées', en: 'Entries' },
  newestFirst: { fr: 'Les plus récentes en premier', en: 'Newest first' },
  none: {
    fr: "Aucune entrée ne correspond. Retirez un critère, ou vérifiez l'identifiant.",
    en: 'No entry matches. Leave a criterion out, or check the identifier.',
  },
  export: { fr: 'Exporter toutes ces entrées', en: 'Export all these entries' },
  csv: { fr: 'CSV, pour un tableur', en: 'CSV, for a spreadsheet' },
  ndjson: {
    fr: 'NDJSON, une entrée par ligne avec ses empreintes',
    en: 'NDJSON, an entry with its hashes on each line',
  },
} as const satisfies Words;
