import { LIMITS } from '../../../kernel/limits.js';
import { err, ok } from '../../../kernel/result.js';
import { receiveOrder } from '../../../operations/orders/receive.js';
import { violation } from '../../../texts/text.js';
import type { PageAction } from '../../page.js';
import { filled } from '../../words/filled.js';
import { ORDER_WORDS } from '../../words/orders.js';
import type { OrdersData } from './data.js';
import { ORDERS_PAGE_WORDS as WORDS } from './words.js';

const GIB_BYTES = 1_073_741_824;

/** A dry run of a file: it is received as the API receives orders, and nothing is signed. */
export const TRY_FILE: PageAction<OrdersData> = {
  id: 'dry-run',
  label: WORDS.tryFile,
  action: 'submit-order',
  isOffered: () => true,
  version: () => 'new',
  fields: ({ uploadBytesMax: bytesMax }) => [
    {
      kind: 'text',
      name: 'reference',
      label: ORDER_WORDS.reference,
      hint: WORDS.referenceHint,
      lengthMax: LIMITS.orderReferenceCharactersMax,
      pattern: { matches: /^\P{Cc}*$/u, says: WORDS.oneLine },
    },
    {
      kind: 'file',
      name: 'file',
      label: WORDS.file,
      hint: filled(WORDS.fileHint, { max: String(Math.floor(bytesMax / GIB_BYTES)) }),
      isRequired: true,
      accept: '.ndjson,.jsonl,application/x-ndjson',
      bytesMax,
    },
  ],
  review: () => ({
    summary: WORDS.willTry,
    consequences: [WORDS.noSerial, WORDS.predicts, WORDS.kept],
    isReversible: true,
  }),
  perform: async ({ world, startOrders }, { account }, { input, file }) => {
    if (file === null) return err({ kind: 'invalid-request', ...violation('', 'order-empty') });
    const received = await receiveOrder(world, {
      account,
      idempotencyKey: null,
      contentSha256: null,
      dryRun: true,
      isPaused: false,
      reference: input.reference ?? null,
      bureauId: null,
      read: file,
    });
    if (!received.ok) return received;
    startOrders();
    return ok({ path: `/console/orders/${received.value.id}`, query: { done: 'dry-run' } });
  },
};
