import type { CheckContext } from '../context.js';

/**
 * Whether the message belongs to a transaction that its principal has begun: a later message, or a
 * repetition, whose answer may have been lost.
 */
export async function isOwnLaterMessage({ isFirst, transaction, repetition }: CheckContext): Promise<boolean> {
  return isFirst ? (await repetition()) !== null : (await transaction()) !== null;
}
