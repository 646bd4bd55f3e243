/** A card that cannot or must not be updated remotely: nothing changes, and it goes to a desk. */
import type { DeskReason } from '../../ports/store/cards/campaigns.js';
import { text } from '../../texts/text.js';
import type { OperationFailure } from '../failures.js';

export function cardToDesk(reason: DeskReason): Extract<OperationFailure, { readonly kind: 'card-to-desk' }> {
  return { kind: 'card-to-desk', reason, message: text(`desk/${reason}`) };
}
