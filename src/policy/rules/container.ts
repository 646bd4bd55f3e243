import { violation } from '../../texts/text.js';
import type { OrderRule } from './rule.js';

/** Only a card has containers. */
export const containerFits: OrderRule = ({ profile, order: { container } }) =>
  container === undefined || profile.cardProducts !== null
    ? []
    : [violation('/container', 'container-of-a-card', { profile: profile.id })];
