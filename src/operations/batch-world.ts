/**
 * The world of work for which nobody waits: lines of orders, and intents that are recovered. Its
 * signatures and its grouped work come after those of interactive requests.
 */
import type { InteractiveWork } from '../kernel/interactive-work.js';
import type { Store } from '../ports/store.js';
import type { World } from './world.js';

export function batchWorld<Given extends Pick<World, 'store' | 'signer' | 'batchSigner'>>(world: Given): Given {
  const given: Store = world.store;
  const store: Store = {
    ...given,
    groupedTransaction: (work, item) => given.groupedTransaction(work, item, 'batch'),
    groupedRead: (work, item) => given.groupedRead(work, item, 'batch'),
  };
  return { ...world, signer: world.batchSigner, store };
}

/** The number of lines of an order that are worked on at once. */
const ORDER_WINDOW = 64;
/** Their number while there is interactive work, which waits for what is under way. */
const ORDER_WINDOW_BESIDE_INTERACTIVE = 3;

export function orderWindow({ isRecent }: InteractiveWork): number {
  return isRecent() ? ORDER_WINDOW_BESIDE_INTERACTIVE : ORDER_WINDOW;
}
