import type { Bilingual } from '../../../kernel/bilingual.js';
import type { CertificateStatus } from '../../../lifecycle/certificate-states.js';
import type { Words } from '../../words/words.js';

export const SUPPORT_WORDS = {
  name: { fr: 'Assistance', en: 'Support' },
  ticket: { fr: 'Numéro de ticket', en: 'Ticket number' },
  ticketHint: {
    fr: "De l'appel ou de la demande, sans donnée personnelle. Il est inscrit au journal d'audit avec la recherche.",
    en: 'Of the call or request, without personal data. It is recorded in the audit log with the search.',
  },
  ticketForm: { fr: 'Une seule ligne, sans caractère de contrôle.', en: 'One line only, without control characters.' },
  cardHint: { fr: 'Numéro de la carte', en: 'Number of the card' },
  holderHint: { fr: 'Identifiant national : RPPS ou autre', en: 'National identifier: RPPS or another' },
  serialHint: {
    fr: 'Hexadécimal ou décimal',
    en: 'Hexadecimal or decimal',
  },
  serialForm: {
    fr: "Donnez un numéro en hexadécimal ou en décimal, tel qu'un logiciel le montre.",
    en: 'Give a number in hexadecimal or decimal, as a program shows it.',
  },
  find: { fr: 'Rechercher', en: 'Search' },
  needsOne: {
    fr: 'Donnez aussi un numéro de carte, un identifiant ou un numéro de série.',
    en: 'Give the number of a card, an identifier or a serial number, too.',
  },
  start: {
    fr: "Donnez le numéro de ticket, et un numéro de carte, l'identifiant d'un porteur ou un numéro de série. Aucun nom n'est montré.",
    en: 'Give the ticket number, and the number of a card, the identifier of a holder or a serial number. No name is shown.',
  },
  results: { fr: 'Certificats trouvés', en: 'Certificates that were found' },
  caption: { fr: 'Les plus récents en premier', en: 'Newest first' },
  none: {
    fr: 'Rien ne correspond. Faites relire le numéro à la personne, chiffre par chiffre.',
    en: 'Nothing matches. Have the person read the number again, digit by digit.',
  },
  history: { fr: 'État et historique', en: 'Status and history' },
  title: { fr: 'Assistance : certificat {serial}', en: 'Support: certificate {serial}' },
  facts: { fr: 'État maintenant', en: 'Status now' },
  advice: { fr: 'Ce que vous pouvez répondre', en: 'What you can answer' },
  ocsp: { fr: 'OCSP répond', en: 'OCSP answers' },
  notAsked: {
    fr: "Sans réponse valable maintenant ; prévenez l'exploitation si cela dure",
    en: 'No valid answer now; tell the operators if this lasts',
  },
  past: { fr: 'Ce qui était répondu à un moment', en: 'What was told at a time' },
  at: { fr: 'Moment, UTC', en: 'Time, UTC' },
  atHint: { fr: 'Par exemple 2026-03-01 10:00', en: 'For example 2026-03-01 10:00' },
  atForm: {
    fr: 'Donnez un moment passé, par exemple 2026-03-01 10:00.',
    en: 'Give a time in the past, for example 2026-03-01 10:00.',
  },
  show: { fr: 'Afficher', en: 'Show' },
  statusThen: { fr: 'État à ce moment', en: 'Status at that time' },
  ocspThen: { fr: "Ce qu'OCSP répondait", en: 'What OCSP answered' },
  notYet: { fr: "Il n'existait pas encore", en: 'It did not exist yet' },
  lastChange: { fr: "Dernier changement d'avant", en: 'Last change before' },
  life: { fr: 'Historique', en: 'History' },
  lifeCaption: { fr: 'Du plus ancien au plus récent', en: 'The oldest first' },
  when: { fr: 'Quand', en: 'When' },
  what: { fr: 'Quoi', en: 'What' },
  card: { fr: 'La carte', en: 'The card' },
  deskReasons: { fr: 'Mise à jour à distance impossible, car', en: 'Remote update impossible, because' },
  update: { fr: 'Dernière mise à jour à distance', en: 'Last remote update' },
} as const satisfies Words;

/** What a caller can be told, by the status. */
export const ADVICE: Readonly<Record<CertificateStatus, Bilingual>> = {
  pending: {
    fr: "Le certificat attend que la carte le confirme : terminer la mise à jour de la carte avec le logiciel qui l'a commencée.",
    en: 'The certificate waits for the card to confirm it: finish the update of the card with the program that has begun it.',
  },
  issued: {
    fr: 'Le certificat est en vigueur. Si la connexion échoue, la cause est ailleurs : lecteur, code porteur, logiciel, ou réseau.',
    en: 'The certificate is in force. If logging in fails, the cause is elsewhere: reader, PIN, program or network.',
  },
  suspended: {
    fr: 'Le certificat est suspendu : un officier peut lever la suspension. Il ne sert à rien de recommencer avant.',
    en: 'The certificate is suspended: an officer can release it. There is no use in trying again before.',
  },
  revoked: {
    fr: 'Le certificat est révoqué pour toujours. Il faut une nouvelle carte ou un nouveau certificat.',
    en: 'The certificate is revoked for good. A new card or a new certificate is needed.',
  },
  expired: {
    fr: 'Le certificat est arrivé à sa fin. Il faut le renouveler, ou utiliser la nouvelle carte.',
    en: 'The certificate has reached its end. It has to be renewed, or the new card to be used.',
  },
};
