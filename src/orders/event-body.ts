/** The body of an event, as it is stored once and sent to endpoints. */
import { formatInstantMs } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson } from '../kernel/json.js';
import type { OutboxEvent } from '../ports/store/outbox/events.js';

type EventBody = {
  /** UUID, by which receivers recognise an event that comes twice. */
  readonly id: string;
  /** Canonical JSON (RFC 8785). */
  readonly body: string;
};

/**
 * The id is a digest of all other members. So no two events have the same id, also after a restore
 * of the database, which counts its rows again from an earlier number.
 */
export function eventBodyOf({ topic, at, account, subject, data }: OutboxEvent): EventBody {
  const members = { type: topic, at: formatInstantMs(at), account, subject, data };
  const id = uuidOf(sha256Hex(canonicalJson(members)));
  return { id, body: canonicalJson({ id, ...members }) };
}

/** UUID version 8 (RFC 9562 5.8) of the first 128 bits of a digest. */
function uuidOf(hex: string): string {
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
