/**
 * Tokens of forms. The certificate of a browser comes with every request, whatever page has caused
 * it, so a form proves by its token that this console made it: for this account, this action, this
 * state of the object, in this hour.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { type Bytes, concat } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import { sha256Hex } from '../kernel/digest.js';
import { HOUR_MS } from '../kernel/duration.js';

export type FormIdentity = {
  readonly accountId: string;
  /** Path of the action, with the ids in it. */
  readonly path: string;
  /** State of the object (`PageAction.version`). */
  readonly version: string;
};

/** `stale`: it was made here, an hour ago or for an earlier state. */
type TokenCheck = 'valid' | 'stale' | 'forged';

/** Derives the key of the tokens from secrets of the installation. */
export function formKeyFrom(secrets: readonly Bytes[]): Bytes {
  return new Uint8Array(createHmac('sha256', concat(secrets)).update('pfcng console forms', 'utf8').digest());
}

/**
 * `HOUR.VERSION.COPY.MAC`. `copy`: 8 random octets, so that the tokens of two forms with the same
 * identity differ, and what creates something can tell a repetition from a second wish.
 */
export function formToken(
  key: Bytes,
  identity: FormIdentity,
  { now, copy }: { readonly now: Instant; readonly copy: Bytes },
): string {
  const bound = {
    hour: String(hourOf(now)),
    version: sha256Hex(Buffer.from(identity.version, 'utf8')).slice(0, 16),
    copy: Buffer.from(copy).toString('hex'),
  };
  return `${bound.hour}.${bound.version}.${bound.copy}.${macOf(key, identity, bound)}`;
}

export function checkToken(
  key: Bytes,
  token: string,
  { identity, now }: { readonly identity: FormIdentity; readonly now: Instant },
): TokenCheck {
  const [, hour, version, copy, mac] = /^(\d{1,9})\.([0-9a-f]{16})\.([0-9a-f]{16})\.([0-9a-f]{64})$/.exec(token) ?? [];
  if (hour === undefined || version === undefined || copy === undefined || mac === undefined) return 'forged';
  const expected = Buffer.from(macOf(key, identity, { hour, version, copy }), 'hex');
  if (!timingSafeEqual(expected, Buffer.from(mac, 'hex'))) return 'forged';
  const current = sha256Hex(Buffer.from(identity.version, 'utf8')).slice(0, 16);
  const age = hourOf(now) - Number(hour);
  return version === current && (age === 0 || age === 1) ? 'valid' : 'stale';
}

function hourOf(now: Instant): number {
  return Math.floor(now / HOUR_MS);
}

function macOf(
  key: Bytes,
  { accountId, path }: FormIdentity,
  { hour, version, copy }: Readonly<Record<'hour' | 'version' | 'copy', string>>,
): string {
  return createHmac('sha256', key)
    .update(JSON.stringify([accountId, path, hour, version, copy]), 'utf8')
    .digest('hex');
}
