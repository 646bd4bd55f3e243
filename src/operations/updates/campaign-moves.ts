/** The events of an update that move its card in its campaigns. */
import type { Instant } from '../../kernel/clock.js';
import type { CardUpdate } from '../../ports/store/cards/card-updates.js';
import type { ConfirmedMove, UpdateMove } from '../campaigns/update-hooks.js';

export function failedMove(update: CardUpdate): UpdateMove {
  return { ...ofUpdate(update), event: 'fail' };
}

export function expiredMove(update: CardUpdate): UpdateMove {
  return { ...ofUpdate(update), event: 'expire' };
}

/**
 * `ownMs` is the time of the platform, from the begin to the offer. `othersMs` is the time of the
 * client, reader and card, from the offer to `now`, the time of the database.
 */
export function confirmedMove(update: CardUpdate, now: Instant): ConfirmedMove {
  const offeredAt = update.offeredAt ?? now;
  const times = { ownMs: Math.max(0, offeredAt - update.begunAt), othersMs: Math.max(0, now - offeredAt) };
  return { ...ofUpdate(update), event: 'confirm', updateId: update.id, ...times };
}

function ofUpdate({ cardTokenId, reader, middleware }: CardUpdate) {
  return { cardTokenId, reader: { reader, middleware } } as const;
}
