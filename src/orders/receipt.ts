/**
 * The receipt of an order: what was asked for and what became of it, with the hashes of the
 * request, of the results and of the bundle. The platform key signs it.
 *
 * The signature covers `PFCNG receipt v1`, one zero octet, and the receipt as canonical JSON
 * (RFC 8785). No other text that the platform key signs begins like that.
 */
import { ACCOUNT_ID } from '../access/account.js';
import { type Bytes, concat, equalBytes, fromUtf8, utf8 } from '../kernel/bytes.js';
import { formatInstant, parseInstant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { canonicalJson, isObject, parseJson } from '../kernel/json.js';
import { err, ok, type Result } from '../kernel/result.js';
import { verifySignatureAsync } from '../x509/keys/algorithms.js';
import { keyTypeOf, readPublicKey } from '../x509/keys/public-key.js';

/**
 * The public key of the platform, which verifies receipts and webhooks. It has no certificate: its
 * hash is in the minutes of the ceremony that made it (ops/decisions/0025).
 */

export type PlatformKey = {
  /** SHA-256 of the SubjectPublicKeyInfo, in lower-case hex. */
  readonly id: string;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Bytes;
};

/** null: this is not the SubjectPublicKeyInfo of a key on the curve P-256. */
export function platformKeyOf(spki: Bytes): PlatformKey | null {
  const key = readPublicKey(spki);
  return key.ok && keyTypeOf(key.value) === 'p-256' ? { id: sha256Hex(spki), spki } : null;
}

/** `signature`: DER of ECDSA-Sig-Value, with SHA-256. */
export function verifiesPlatformSignature({ spki }: PlatformKey, data: Bytes, signature: Bytes): Promise<boolean> {
  return verifySignatureAsync({ spki, algorithm: 'ecdsaWithSha256', data, signature });
}

/** How many lines have each outcome. A receipt has no open lines, so their sum is `lines`. */
type ReceiptCounts = {
  readonly issued: number;
  readonly duplicate: number;
  readonly refused: number;
  readonly notIssued: number;
  readonly cancelled: number;
};

export type Receipt = {
  /** RFC 3339, to the second. */
  readonly acceptedAt: string;
  readonly account: string;
  /** Hashes are SHA-256, in lower-case hex. */
  readonly bundleSha256: string;
  readonly counts: ReceiptCounts;
  /** The mark of the environment. */
  readonly environment: string;
  readonly finishedAt: string;
  readonly form: 'pfcng-receipt-1';
  readonly lines: number;
  /** Length of the upload. */
  readonly octets: number;
  /** UUID. */
  readonly order: string;
  /** The id of the platform key: the hash of its SubjectPublicKeyInfo. */
  readonly platform: string;
  readonly requestSha256: string;
  readonly resultsSha256: string;
  readonly state: 'finished' | 'cancelled';
};

const PREFIX: Bytes = utf8('PFCNG receipt v1\0');
/** A receipt with the longest names has less than 1 KiB. */
const RECEIPT_BYTES_MAX = 4 * 1024;

export function receiptText(receipt: Receipt): string {
  return canonicalJson(receipt);
}

/** The octets that the signature of a receipt covers. */
export function receiptOctets(text: string): Bytes {
  return concat([PREFIX, utf8(text)]);
}

/** Reads the octets to be signed; the error says why they are not a receipt. */
export function readReceiptOctets(octets: Bytes): Result<Receipt, string> {
  if (octets.length > RECEIPT_BYTES_MAX) return err(`${octets.length} octets, at most ${RECEIPT_BYTES_MAX}`);
  if (!equalBytes(octets.subarray(0, PREFIX.length), PREFIX))
    return err('they do not begin with the name of the form of receipts');
  const text = fromUtf8(octets.subarray(PREFIX.length));
  return text === null ? err('they are not UTF-8') : readReceipt(text);
}

/**
 * Accepts only the canonical JSON of exactly the members of a receipt. A duplicate key is not
 * canonical, because JSON.parse drops it.
 */
export function readReceipt(text: string): Result<Receipt, string> {
  const value = parseJson(text);
  if (!isObject(value)) return err('not a JSON object');
  const wrong = firstWrong(value, RECEIPT_MEMBERS);
  if (wrong !== null) return err(`the member ${wrong} is missing, unknown or not valid`);
  // Each member was checked by its row.
  const receipt = value as Receipt;
  if (canonicalJson(receipt) !== text) return err('not canonical JSON (RFC 8785)');
  const { issued, duplicate, refused, notIssued, cancelled } = receipt.counts;
  if (issued + duplicate + refused + notIssued + cancelled !== receipt.lines)
    return err('the counts do not add up to the lines');
  return ok(receipt);
}

type Check = (value: unknown) => boolean;

const isCount: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const isTime: Check = (value) => {
  const at = typeof value === 'string' ? parseInstant(value) : null;
  return at !== null && formatInstant(at) === value;
};
const matches =
  (pattern: RegExp): Check =>
  (value) =>
    typeof value === 'string' && pattern.test(value);
const isSha256 = matches(/^[0-9a-f]{64}$/);

const COUNT_MEMBERS = {
  issued: isCount,
  duplicate: isCount,
  refused: isCount,
  notIssued: isCount,
  cancelled: isCount,
} as const satisfies Readonly<Record<keyof ReceiptCounts, Check>>;

const RECEIPT_MEMBERS = {
  acceptedAt: isTime,
  account: matches(new RegExp(ACCOUNT_ID)),
  bundleSha256: isSha256,
  counts: (value) => isObject(value) && firstWrong(value, COUNT_MEMBERS) === null,
  environment: matches(/^[a-z0-9-]{1,64}$/),
  finishedAt: isTime,
  form: (value) => value === 'pfcng-receipt-1',
  lines: isCount,
  octets: isCount,
  order: matches(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
  platform: isSha256,
  requestSha256: isSha256,
  resultsSha256: isSha256,
  state: (value) => value === 'finished' || value === 'cancelled',
} as const satisfies Readonly<Record<keyof Receipt, Check>>;

/** The name of a member that is missing, unknown or not valid; null: all are as they must be. */
function firstWrong(value: Readonly<Record<string, unknown>>, members: Readonly<Record<string, Check>>): string | null {
  const unknown = Object.keys(value).find((name) => !Object.hasOwn(members, name));
  if (unknown !== undefined) return unknown.slice(0, 80);
  const wrong = Object.entries(members).find(([name, check]) => !Object.hasOwn(value, name) || !check(value[name]));
  return wrong?.[0] ?? null;
}
