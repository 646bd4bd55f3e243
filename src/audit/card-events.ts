/** Audit entries about cards, holders and remote updates: a part of the catalogue (`events.ts`). */
import { count, instant, list, officers, tagged, text, uuid } from './members.js';
import { UPDATE_EVENTS } from './update-events.js';

const card = tagged('card');
const holder = tagged('holder');

export const CARD_EVENTS = {
  /** `reason`: that of the revocation, `scrapped` or `replaced`. */
  'card.opposed': { outcome: 'success', details: { card, reason: text(32) } },
  'card.returned': { outcome: 'success', details: { card, reason: text(32) } },
  'card.replaced': { outcome: 'success', details: { card, by: card, until: instant } },
  'card.capabilities': {
    outcome: 'success',
    details: {
      card,
      generation: text(32),
      applet: text(32),
      keyTypes: list(text(32), 16),
      spareContainers: count,
    },
  },
  'holder.barred': { outcome: 'success', details: { holder } },
  'holder.unbarred': { outcome: 'success', details: { holder, officers, approval: uuid } },
  ...UPDATE_EVENTS,
} as const;
