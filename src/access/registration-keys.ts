/**
 * The secrets of registrations, and the development secrets of accounts, are derived from keys that
 * every node has and that the database never has: a copy of the database yields no secret.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Bytes, concat, toBase32, utf8 } from '../kernel/bytes.js';
import { sha256, sha256Hex } from '../kernel/digest.js';

/** Keys of 32 octets by their ids, which ascend in the time of their making. */
export type RegistrationKeys = ReadonlyMap<string, Bytes>;

export const REGISTRATION_KEY_OCTETS = 32;

/** 80 random bits make a reference of 16 characters. */
export const REFERENCE_OCTETS = 10;
/** 160 bits make a secret of 32 characters. */
const SECRET_OCTETS = 20;

const NUL = new Uint8Array(1);

/** What a secret belongs to. `id`: of a registration or an account. */
type SecretSubject = {
  readonly kind: 'registration' | 'account';
  readonly id: string;
  /** From 1; each new generation makes the earlier ones void. */
  readonly generation: number;
};

/** base32(first 20 octets of HMAC-SHA256(key, kind || 00 || id || 00 || generation)). */
export function secretOf(key: Bytes, { kind, id, generation }: SecretSubject): string {
  const message = concat([utf8(kind), NUL, utf8(id), NUL, utf8(String(generation))]);
  const octets = createHmac('sha256', key).update(message).digest();
  return toBase32(new Uint8Array(octets.subarray(0, SECRET_OCTETS)));
}

/** Compares in a time that tells nothing about either text. */
export function isSecret(given: string, expected: string): boolean {
  return timingSafeEqual(sha256(utf8(given)), sha256(utf8(expected)));
}

/** The key of new secrets; null: there is none. */
export function newestKeyId(keys: RegistrationKeys): string | null {
  return [...keys.keys()].sort().at(-1) ?? null;
}

/** What the database keeps of a key, so that a node with another key of this id is noticed. */
export function checkOfRegistrationKey(key: Bytes): string {
  return sha256Hex(concat([utf8('pfcng registration key\0'), key]));
}
