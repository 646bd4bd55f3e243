import type { ChainRule } from '../../../audit/chain.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import type { Words } from '../../words/words.js';

export const ENTRY_WORDS = {
  name: { fr: "Entrée du journal d'audit", en: 'Entry of the audit log' },
  title: { fr: "Entrée {seq} du journal d'audit", en: 'Entry {seq} of the audit log' },
  facts: { fr: "L'événement", en: 'The event' },
  details: { fr: 'Détails', en: 'Details' },
  noDetails: { fr: 'Cette entrée est sans détail.', en: 'This entry has no details.' },
  node: { fr: 'Nœud', en: 'Node' },
  tag: { fr: 'étiquette {tag} (clé de {key})', en: 'tag {tag} (key of {key})' },
  job: { fr: 'Aucune : une tâche ou une commande', en: 'None: a job or a command' },
  chain: { fr: 'Place dans la chaîne', en: 'Place in the chain' },
  chainHint: {
    fr: "Chaque entrée est hachée avec toutes celles qui précèdent : SHA-256(empreinte précédente || empreinte de l'entrée).",
    en: 'Each entry is hashed with all entries before it: SHA-256(previous hash || hash of the entry).',
  },
  checked: { fr: 'Contrôle', en: 'Check' },
  intact: { fr: "L'entrée est telle qu'elle a été écrite", en: 'The entry is as it was written' },
  previousHash: { fr: 'Empreinte de chaîne précédente', en: 'Chain hash before' },
  leafHash: { fr: "Empreinte de l'entrée", en: 'Hash of the entry' },
  chainHash: { fr: 'Empreinte de chaîne', en: 'Chain hash' },
  head: { fr: 'Dernière entrée du journal', en: 'Last entry of the log' },
  stored: { fr: 'Octets hachés (JSON canonique)', en: 'Octets that are hashed (canonical JSON)' },
  previous: { fr: 'Entrée précédente', en: 'Entry before' },
  next: { fr: 'Entrée suivante', en: 'Next entry' },
  around: { fr: 'Entrées voisines', en: 'Entries around it' },
} as const satisfies Words;

/** Why an entry is not as it was written. */
export const BROKEN_RULES: Readonly<Record<ChainRule, Bilingual>> = {
  'numbers-without-gap': { fr: "L'entrée précédente manque", en: 'The entry before is missing' },
  'number-in-the-entry': {
    fr: "Ces octets sont ceux d'une autre entrée",
    en: 'These octets are those of another entry',
  },
  'leaf-hash-matches': { fr: 'Les octets ont été modifiés', en: 'The octets were altered' },
  'search-keys-match': {
    fr: 'Les critères de recherche ne sont pas ceux des octets',
    en: 'The search keys are not those of the octets',
  },
  'chain-hash-matches': {
    fr: "L'entrée, ou la précédente, a été modifiée avec ses empreintes",
    en: 'The entry, or the one before, was altered together with its hashes',
  },
  'checkpoint-matches': { fr: 'Le journal a été réécrit', en: 'The log was rewritten' },
  'entries-up-to-checkpoint': { fr: 'Le journal a été tronqué', en: 'The log was truncated' },
};

/** Members of details that many entries have; others are shown under their own names. */
export const MEMBER_LABELS: Readonly<Record<string, Bilingual>> = {
  id: { fr: 'Identifiant', en: 'Identifier' },
  issuer: { fr: 'Émetteur', en: 'Issuer' },
  serial: { fr: 'Numéro de série', en: 'Serial number' },
  profile: { fr: 'Profil', en: 'Profile' },
  holder: { fr: 'Porteur', en: 'Holder' },
  card: { fr: 'Carte', en: 'Card' },
  structure: { fr: 'Structure', en: 'Structure' },
  account: { fr: 'Compte', en: 'Account' },
  login: { fr: 'Session ouverte sur la machine', en: 'Login at the machine' },
  officers: { fr: 'Officiers', en: 'Officers' },
  approval: { fr: 'Demande à deux officiers', en: 'Approval' },
  reason: { fr: 'Motif', en: 'Reason' },
  roles: { fr: 'Rôles', en: 'Roles' },
  count: { fr: 'Nombre', en: 'Count' },
  code: { fr: 'Code du problème', en: 'Code of the problem' },
  rules: { fr: 'Règles enfreintes', en: 'Rules that were broken' },
  route: { fr: 'Route', en: 'Route' },
  address: { fr: 'Adresse du client', en: 'Address of the client' },
  action: { fr: 'Action', en: 'Action' },
  statementSha256: { fr: 'SHA-256 de la déclaration', en: 'SHA-256 of the statement' },
  spkiSha256: { fr: 'SHA-256 de la clé', en: 'SHA-256 of the key' },
  tbsSha256: { fr: 'SHA-256 du contenu à signer', en: 'SHA-256 of what is signed' },
  policyDigest: { fr: 'Empreinte de la politique', en: 'Digest of the policy' },
  ceremony: { fr: 'Cérémonie', en: 'Ceremony' },
  order: { fr: 'Commande', en: 'Order' },
  line: { fr: 'Ligne', en: 'Line' },
  endpoint: { fr: 'Destinataire', en: 'Endpoint' },
  topic: { fr: "Type d'événement", en: 'Topic' },
  number: { fr: 'Numéro', en: 'Number' },
};
