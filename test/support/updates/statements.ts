/** Statements of cards, and proofs as software of others makes them. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import type { ProofBody } from '../../../src/updates/proof.js';
import { type CardStatement, type ExpectedStatement, STATEMENT_FORM } from '../../../src/updates/statement.js';

export const CARD = '8025000001/2600301752';
export const UPDATE = '01900000-0000-7000-8000-000000000001';
export const CERTIFICATE = '01900000-0000-7000-8000-000000000002';
const PLATFORM = '1'.repeat(64);

/** The time of the statements below. */
export const STATED_AT = Date.parse('2027-03-01T10:00:00Z');
const HEAD = {
  form: STATEMENT_FORM,
  environment: 'development',
  platform: PLATFORM,
  card: CARD,
  at: '2027-03-01T10:00:00Z',
} as const;

export const REQUESTS = [
  { csrSha256: 'a'.repeat(64), profile: 'fort/cps-authentication' },
  { csrSha256: 'b'.repeat(64), profile: 'fort/cps-signature' },
];

/** The statement of the test vector. */
export const REVOKE = { ...HEAD, verb: 'revoke', reason: 'keyCompromise' } as const satisfies CardStatement;
export const BEGIN: CardStatement = { ...HEAD, verb: 'begin', requests: REQUESTS, onCard: ['c'.repeat(64)] };
export const CONFIRM: CardStatement = { ...HEAD, verb: 'confirm', update: UPDATE, onCard: ['d'.repeat(64)] };

const EXPECTED = { environment: 'development', platform: PLATFORM, card: CARD, now: STATED_AT } as const;

/** What the statements above are expected to say. */
export function expectedOf(statement: CardStatement): ExpectedStatement {
  if (statement.verb === 'begin') return { ...EXPECTED, asked: { verb: 'begin', requests: statement.requests } };
  if (statement.verb !== 'revoke') return { ...EXPECTED, asked: { verb: statement.verb, update: statement.update } };
  const { reason, certificate = null } = statement;
  return { ...EXPECTED, asked: { verb: 'revoke', reason, certificate } };
}

/** RFC 8785 for objects of texts and lists, written anew: the tests have no code of the product. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalText(member)}`).join(',')}}`;
}

/** What a card signs for a text. */
export function octetsOf(text: string): Buffer {
  return Buffer.concat([Buffer.from('PFCNG card statement v1', 'ascii'), Buffer.of(0), Buffer.from(text, 'utf8')]);
}

const CURVE_HASHES: Readonly<Record<string, string>> = {
  prime256v1: 'sha256',
  secp384r1: 'sha384',
  secp521r1: 'sha512',
  brainpoolP256r1: 'sha256',
  brainpoolP384r1: 'sha384',
};

/** The hash that a key signs statements with; null: Ed25519 takes the octets themselves. */
export function hashOf({ asymmetricKeyType, asymmetricKeyDetails }: KeyObject): string | null {
  if (asymmetricKeyType === 'ed25519') return null;
  return CURVE_HASHES[asymmetricKeyDetails?.namedCurve ?? ''] ?? 'sha256';
}

/** Signs a statement, or any text, with node:crypto. */
export function proofBy(
  key: KeyObject,
  statement: object | string,
  certificateId: string = CERTIFICATE,
): ProofBody & { readonly statement: string; readonly signature: string } {
  const text = typeof statement === 'string' ? statement : canonicalText(statement);
  return { certificateId, statement: text, signature: sign(hashOf(key), octetsOf(text), key).toString('base64') };
}

export function sha256Of(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The members of a begin that tests change. */
export type StatedRequests = { readonly requests: readonly { readonly csrSha256: string; readonly profile: string }[] };
