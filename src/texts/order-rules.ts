/** Texts about orders: their uploads, and their states. */
import type { Bilingual } from '../kernel/bilingual.js';

const UPLOAD_RULES = {
  'content-digest': {
    fr: 'doit être {form} (RFC 9530), la valeur ayant 32 octets',
    en: 'must be {form} (RFC 9530) with a value of 32 octets',
  },
  'content-digest/differs': {
    fr: "n'est pas l'empreinte des octets reçus, qui est {digest} : renvoyez le fichier",
    en: 'is not the digest of the octets that were received, which is {digest}: send the file again',
  },
  'line-bytes': { fr: 'la ligne a plus de {max} octets', en: 'the line has more than {max} octets' },
  'order-empty': { fr: 'la commande ne contient aucune ligne', en: 'the order has no line' },
  'bureau-known': {
    fr: 'doit être un compte en service qui a le rôle card-bureau',
    en: 'must be an enabled account that has the role card-bureau',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

const STATE_RULES = {
  'order-receiving': {
    fr: 'la commande est encore en cours de réception (état {state})',
    en: 'its upload is still being received (state {state})',
  },
  'order-received': {
    fr: 'la commande est déjà reçue (état {state})',
    en: 'its upload was received already (state {state})',
  },
  'order-waiting': {
    fr: "le traitement de la commande n'a pas commencé (état {state})",
    en: 'no worker has begun to work on it (state {state})',
  },
  'order-paused': { fr: 'la commande est suspendue (état {state})', en: 'it is paused (state {state})' },
  'order-cancelling': {
    fr: "la commande est en cours d'annulation (état {state})",
    en: 'it is being cancelled (state {state})',
  },
  'order-ended': { fr: 'la commande est terminée (état {state})', en: 'it has ended (state {state})' },
  'order-not-ended': {
    fr: "disponible à la fin de la commande, dont l'état est {state}",
    en: 'available when the order has ended; it is {state}',
  },
  'order-dry-run': { fr: "une simulation n'a ni reçu ni lot", en: 'a dry run has neither a receipt nor a bundle' },
  'receipt-not-signed': {
    fr: "le reçu n'est pas encore signé : réessayez plus tard",
    en: 'the receipt is not signed yet: try again later',
  },
  'order-account-enabled': {
    fr: 'le compte {account} est désactivé : sa commande ne peut pas reprendre',
    en: 'the account {account} is disabled: its order cannot be resumed',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;

export const ORDER_RULES = { ...UPLOAD_RULES, ...STATE_RULES } as const;
