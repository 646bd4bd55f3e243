/**
 * The world as the core sees it. Services make it in `src/compose/service.ts`; tests make their
 * own.
 */
import type { Bytes } from '../kernel/bytes.js';
import type { Instant } from '../kernel/clock.js';
import type { Json } from '../kernel/json.js';

export type Clock = () => Instant;

/** Cryptographically random bytes. */
export type Random = (length: number) => Bytes;

/** Structured log. It gets ids and serial numbers, never names, PINs or keys. */
export type Log = {
  readonly info: (event: string, fields?: Readonly<Record<string, Json>>) => void;
  readonly warn: (event: string, fields?: Readonly<Record<string, Json>>) => void;
  readonly error: (event: string, fields?: Readonly<Record<string, Json>>) => void;
};
