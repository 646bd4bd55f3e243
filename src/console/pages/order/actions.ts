import type { Action } from '../../../access/roles.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { ok } from '../../../kernel/result.js';
import { decideOrder } from '../../../lifecycle/order-states.js';
import { controlOrder, type OrderControl } from '../../../operations/orders/control.js';
import { openLinesOf } from '../../../operations/orders/read.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import type { OrderData } from './data.js';
import { ORDER_PAGE_WORDS as WORDS } from './words.js';

type ControlWords = {
  readonly action: Action;
  readonly summary: Bilingual;
  readonly consequences: readonly Bilingual[];
  readonly isReversible: boolean;
};

const CONTROLS: Readonly<Record<OrderControl, ControlWords>> = {
  pause: {
    action: 'control-orders',
    summary: WORDS.willPause,
    consequences: [WORDS.underWay, WORDS.nothingRevoked],
    isReversible: true,
  },
  resume: {
    action: 'control-orders',
    summary: WORDS.willResume,
    consequences: [WORDS.goesOn],
    isReversible: true,
  },
  cancel: {
    action: 'cancel-orders',
    summary: WORDS.willCancel,
    consequences: [WORDS.stays, WORDS.nothingRevoked],
    isReversible: false,
  },
};

function control(id: OrderControl): PageAction<OrderData> {
  const { action, summary, consequences, isReversible } = CONTROLS[id];
  return {
    id,
    label: WORDS[id],
    action,
    isOffered: ({ order: { state } }) => {
      const decided = decideOrder(state, id);
      return decided.ok && decided.value !== state;
    },
    // The counts are left out: they change with each line while the order is worked on.
    version: ({ order: { id: order, state, stateAt } }) => `${order} ${state} ${stateAt}`,
    fields: () => [],
    review: ({ order }) => {
      const places = { lines: String(order.lines), open: String(openLinesOf(order)) };
      return {
        summary: filled(summary, places),
        consequences: consequences.map((one) => filled(one, places)),
        isReversible,
        ...(id === 'cancel' ? { typed: String(order.lines) } : {}),
      };
    },
    perform: async ({ world, startOrders }, { account }, { data: { order } }) => {
      const changed = await controlOrder(world, account, { id: order.id, control: id });
      if (!changed.ok) return changed;
      startOrders();
      return ok({ query: { done: id } });
    },
  };
}

export const PAUSE = control('pause');
export const RESUME = control('resume');
export const CANCEL: PageAction<OrderData> = { ...control('cancel'), tone: 'danger' };
