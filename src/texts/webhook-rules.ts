/** Texts about the states of deliveries to webhooks. */
import type { Bilingual } from '../kernel/bilingual.js';

export const WEBHOOK_RULES = {
  'delivery-tried': {
    fr: 'la livraison est en attente : elle sera envoyée automatiquement',
    en: 'the delivery is waiting: it will be sent automatically',
  },
  'delivery-dead': {
    fr: "seule une livraison abandonnée (dead) peut être écartée ; celle-ci a l'état {state}",
    en: 'only a dead delivery can be dropped; this one is {state}',
  },
} as const satisfies Readonly<Record<string, Bilingual>>;
