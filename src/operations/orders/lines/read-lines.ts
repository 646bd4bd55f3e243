/** Reads the lines of an order, of which one part is kept. */
import { present } from '../../../kernel/assert.js';
import { ok, type Result } from '../../../kernel/result.js';
import { readRecords } from '../../../orders/part-records.js';
import type { UploadLine } from '../../../orders/split-lines.js';
import type { StoreFailure } from '../../../ports/store/failure.js';
import type { OrderPart } from '../../../ports/store/orders.js';
import type { Store } from '../../../ports/store.js';

export type LineReader = (line: number) => Promise<Result<UploadLine, StoreFailure>>;

type KeptPart = Pick<OrderPart, 'firstLine' | 'lastLine'> & { readonly lines: readonly UploadLine[] };

export function createLineReader(store: Pick<Store, 'read'>, orderId: string): LineReader {
  let kept: KeptPart | null = null;
  return async (line) => {
    if (kept === null || line < kept.firstLine || line > kept.lastLine) {
      const found = await store.read((reads) => reads.orderPart(orderId, line));
      if (!found.ok) return found;
      const { firstLine, lastLine, records } = present(found.value, 'the part of a line');
      kept = { firstLine, lastLine, lines: readRecords(records) };
    }
    return ok(present(kept.lines[line - kept.firstLine], 'a line of its part'));
  };
}
