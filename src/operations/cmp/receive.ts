/**
 * The one entry of CMP: from the octets of a message to the octets of its answer. Routes call it,
 * whatever the port, and map its reply to HTTP.
 */
import type { OperationLabel } from '../../cmp/labels.js';
import type { Bytes } from '../../kernel/bytes.js';
import type { World } from '../world.js';

/** Where a message was sent to. null: the path names none. */
export type CmpPath = {
  /** Id of a profile that exists. */
  readonly profile: string | null;
  readonly label: OperationLabel | null;
};

export type CmpReply =
  /** A PKIMessage, DER, whether it is a success or an error. */
  | { readonly status: 200; readonly message: Bytes }
  /** Nothing in CMP can be answered. `retryAfter`: in seconds. */
  | { readonly status: 400 | 404 | 405 | 413 | 415 | 503; readonly text: string; readonly retryAfter?: number };

/** What belongs to one request beside its octets. */
export type CmpRequest = {
  readonly path: CmpPath;
  /** The address of the socket, for the networks of accounts. */
  readonly address: string;
};

const RETRY_AFTER_SECONDS = 60;

/** Never throws for anything that the octets contain. */
export async function receive(_world: World, _octets: Bytes, _request: CmpRequest): Promise<CmpReply> {
  return { status: 503, text: 'CMP is not served yet.', retryAfter: RETRY_AFTER_SECONDS };
}
