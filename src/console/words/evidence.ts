import type { Words } from './words.js';

export const EVIDENCE_WORDS = {
  answers: {
    fr: 'OCSP répond « révoqué » pour {revoked} des {asked} certificats demandés, comme à un vérificateur ; réponses signées, obtenues en {ms} ms.',
    en: 'OCSP answers "revoked" for {revoked} of the {asked} certificates that were asked for, as relying parties get it; the answers are signed and took {ms} ms.',
  },
  notAsked: {
    fr: "OCSP n'a pas pu être interrogé à l'adresse des certificats : {detail}.",
    en: 'OCSP could not be asked at the address in the certificates: {detail}.',
  },
  entries: { fr: "Entrées du journal d'audit sur ces certificats :", en: 'Audit entries about these certificates:' },
  allEntries: { fr: "Toutes les entrées du journal d'audit", en: 'All entries of the audit log' },
} as const satisfies Words;
