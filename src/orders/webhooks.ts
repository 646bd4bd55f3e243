/** The body of an event, as it is stored once and sent to endpoints. */

import { type DerElement, type DerFailure, integerOctets, malformed, parseDer, sequence } from '../asn1/der-reader.js';
import { type Bytes, concat, toBase64, utf8 } from '../kernel/bytes.js';
import { formatInstantMs, type Instant } from '../kernel/clock.js';
import { sha256, sha256Hex } from '../kernel/digest.js';
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../kernel/duration.js';
import { canonicalJson } from '../kernel/json.js';
import type { Result } from '../kernel/result.js';
import type { Order } from '../ports/store/orders.js';
import type { DeliveryProgress } from '../ports/store/outbox/deliveries.js';
import { EVENT_TOPICS, type EventTopic, type OutboxEvent } from '../ports/store/outbox/events.js';

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

/** The events of orders that endpoints get. */

type OrderTopic = Extract<OutboxEvent['topic'], `order.${string}`>;

/** `order`: as the transaction leaves it. */
export function orderEvent(topic: OrderTopic, order: Order, at: Instant): OutboxEvent {
  const { id: subject, accountId: account, dryRun, lines, counts, pausedBy } = order;
  const { requestSha256, resultsSha256, bundleSha256 } = order;
  const counted = {
    issued: counts.issued,
    duplicate: counts.duplicate,
    refused: counts.refused,
    notIssued: counts['not-issued'],
    cancelled: counts.cancelled,
    ...(dryRun ? { wouldIssue: counts['would-issue'], wouldBeDuplicate: counts['would-be-duplicate'] } : {}),
  };
  const hashes = { requestSha256, resultsSha256, bundleSha256 };
  const data = { dryRun, lines, counts: counted, ...hashes, ...(pausedBy === null ? {} : { pausedBy }) };
  return { topic, subject, account, at, data };
}

/** A card bureau has read other certificates from a card than its line got. */
export function readBackEvent({ id, accountId: account }: Order, line: number, at: Instant): OutboxEvent {
  return { topic: 'card.read-back-differs', subject: `${id}/${line}`, account, at, data: { order: id, line } };
}

/** Which events an endpoint gets. */

export type WebhookEndpoint = {
  readonly name: string;
  readonly url: string;
  /** Topics, or all topics of a kind: `order.*`. */
  readonly topics: readonly string[];
  /** Only events of these accounts, and events without an account; null: events of all accounts. */
  readonly accounts: readonly string[] | null;
};

/** Test events are sent to the one endpoint that is tested, whatever it wants otherwise. */
const TEST: EventTopic = 'webhook.test';
const OFFERED = EVENT_TOPICS.filter((topic) => topic !== TEST);

/** What an endpoint may name: all topics but that of tests, and their kinds. */
export const WANTED_TOPICS: readonly string[] = [...new Set(OFFERED.map(kindOf)), ...OFFERED];

export function isWanted(
  { topics, accounts }: Pick<WebhookEndpoint, 'topics' | 'accounts'>,
  { topic, account }: Pick<OutboxEvent, 'topic' | 'account'>,
): boolean {
  if (topic === TEST || (!topics.includes(topic) && !topics.includes(kindOf(topic)))) return false;
  return accounts === null || account === null || accounts.includes(account);
}

function kindOf(topic: EventTopic): string {
  return topic.replace(/\..*/, '.*');
}

/**
 * The signature of a request to an endpoint: HTTP Message Signatures (RFC 9421) with ECDSA on
 * P-256 over exactly these components. `hsm/wire/platform-purposes.ts` has the form that the
 * signer accepts.
 */

type WebhookMessage = {
  /** Absolute, as `new URL(...)` writes it (RFC 9421 2.2.2). */
  readonly targetUri: string;
  /** The UUID of the event. */
  readonly id: string;
  readonly body: string;
  readonly at: Instant;
  /** Id of the platform key, as in `GET /v1/keys`. */
  readonly keyId: string;
};

type UnsignedWebhook = {
  /** What is signed: the signature base (RFC 9421 2.5). */
  readonly base: Bytes;
  /** The header fields that it covers, and its parameters. */
  readonly headers: Readonly<Record<string, string>>;
};

/** The label of the only signature of a message (RFC 9421 4). */
const LABEL = 'pfcng';

export function webhookMessage({ targetUri, id, body, at, keyId }: WebhookMessage): UnsignedWebhook {
  const timestamp = String(Math.floor(at / SECOND_MS));
  const fields = {
    'content-type': 'application/json',
    'content-digest': `sha-256=:${toBase64(sha256(utf8(body)))}:`,
    'webhook-id': id,
    'webhook-timestamp': timestamp,
  };
  const components = { '@method': 'POST', '@target-uri': targetUri, ...fields };
  const names = Object.keys(components).map((name) => `"${name}"`);
  const params = `(${names.join(' ')});created=${timestamp};keyid="${keyId}";alg="ecdsa-p256-sha256";tag="pfcng-webhook"`;
  const lines = Object.entries(components).map(([name, value]) => `"${name}": ${value}`);
  const base = [...lines, `"@signature-params": ${params}`].join('\n');
  return { base: utf8(base), headers: { ...fields, 'signature-input': `${LABEL}=${params}` } };
}

/** The header fields of the signed message. `signature`: r and s in 64 octets. */
export function signedHeaders({ headers }: UnsignedWebhook, signature: Bytes): Readonly<Record<string, string>> {
  return { ...headers, signature: `${LABEL}=:${toBase64(signature)}:` };
}

const INTEGER_OCTETS = 32;

/**
 * Converts an ECDSA-Sig-Value on P-256 (RFC 3279 2.2.3), as signers make it, to r and s of 32
 * octets each (RFC 9421 3.3.4).
 */
export function rawEcdsaSignature(der: Bytes): Result<Bytes, DerFailure> {
  return parseDer(der, (root) => {
    const fields = sequence(root, 'ECDSA-Sig-Value');
    const [r, s] = [fixedInteger(fields.any('r'), 'r'), fixedInteger(fields.any('s'), 's')];
    fields.end();
    return concat([r, s]);
  });
}

function fixedInteger(element: DerElement, what: string): Bytes {
  const octets = integerOctets(element, what);
  const isNegative = ((octets[0] ?? 0) & 0x80) !== 0;
  const digits = octets[0] === 0 ? octets.subarray(1) : octets;
  if (isNegative || digits.length > INTEGER_OCTETS) malformed(element, `${what}: not a number of 256 bits`);
  const padded = new Uint8Array(INTEGER_OCTETS);
  padded.set(digits, INTEGER_OCTETS - digits.length);
  return padded;
}

/** What becomes of a delivery after an attempt: delivered, tried again later, or dead. */

/** How an attempt went. `status`: that of a complete answer; null: there was none. */
export type DeliveryAttempt = {
  readonly status: number | null;
  /** null: the receiver has accepted the event, with a status of 2xx. */
  readonly error: string | null;
  /** The pause that the receiver asks for in Retry-After; null: it asks for none. */
  readonly retryAfterMs: number | null;
};

/** Pauses after the first attempts; then one attempt an hour. */
const PAUSES_MS = [5 * SECOND_MS, 30 * SECOND_MS, 2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS] as const;
const PAUSE_MS_MAX = HOUR_MS;
/** As a share of the pause, so that deliveries that failed together are not retried together. */
const JITTER = 0.2;
/** From the first attempt to the last. */
const GIVEN_UP_AFTER_MS = 72 * HOUR_MS;
/** The receiver has no use for events any more (RFC 9110 15.5.11). */
const GONE = 410;

type Before = Pick<DeliveryProgress, 'attempts' | 'firstAt'>;

/** `now`: the end of the attempt; `chance`: from 0 to 1. */
export function progressAfter(
  { attempts: before, firstAt: begun }: Before,
  { status, error, retryAfterMs }: DeliveryAttempt,
  { now, chance }: { readonly now: Instant; readonly chance: number },
): DeliveryProgress {
  const attempts = before + 1;
  const firstAt = begun ?? now;
  const tried = { attempts, firstAt, lastStatus: status, lastError: error } as const;
  if (error === null) return { ...tried, state: 'delivered', nextAt: null, doneAt: now };
  if (status === GONE || now - firstAt >= GIVEN_UP_AFTER_MS)
    return { ...tried, state: 'dead', nextAt: null, doneAt: null };
  const planned = (PAUSES_MS[before] ?? PAUSE_MS_MAX) * (1 - JITTER + 2 * JITTER * chance);
  // Retry-After never makes a pause shorter, or a receiver that answers 0 is tried each second.
  const pauseMs = Math.max(planned, Math.min(retryAfterMs ?? 0, PAUSE_MS_MAX));
  return { ...tried, state: 'waiting', nextAt: now + Math.round(pauseMs), doneAt: null };
}

/** The beginning of a delivery that an operator has sent again. */
export function sentAgain(now: Instant): DeliveryProgress {
  return { state: 'waiting', attempts: 0, firstAt: null, nextAt: now, lastStatus: null, lastError: null, doneAt: null };
}
