/** Reads the lines of an order, of which one part is kept, and what they ask for. */
import { present } from '../../../kernel/assert.js';
import type { Json } from '../../../kernel/json.js';
import { ok, type Result } from '../../../kernel/result.js';
import { readRecords, type UploadLine } from '../../../orders/upload.js';
import type { StoreFailure } from '../../../ports/store/failure.js';
import type { Order, OrderPart } from '../../../ports/store/orders.js';
import type { Store } from '../../../ports/store.js';
import type { OrderWorld, ReadLine } from './order-world.js';

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

type FaultWorld = Pick<OrderWorld, 'log'>;

/** null: a fault of this program, which is reported, so that the other lines go on. */
export function readForm(
  { lineForm, log, requestId = '' }: Pick<OrderWorld, 'lineForm' | 'requestId'> & FaultWorld,
  order: Pick<Order, 'id'>,
  { number, record }: { readonly number: number; readonly record: UploadLine },
): Result<ReadLine, Json> | null {
  try {
    return lineForm.read(record, requestId);
  } catch (error) {
    reportFault({ log }, order, { number, error });
    return null;
  }
}

/** The work on a line has failed by a fault of this program. */
export function reportFault(
  { log }: FaultWorld,
  { id: order }: Pick<Order, 'id'>,
  { number: line, error }: { readonly number: number; readonly error: unknown },
): void {
  log.error('order.line-failed', { order, line, detail: String(error) });
}
