/**
 * A fleet of simulated cards whose keys are derived from their numbers, so that a drill of a
 * million cards keeps no keys, and goes on after it was stopped.
 */
import { createECDH, createHash, createPrivateKey, createPublicKey, type JsonWebKey } from 'node:crypto';
import type { HolderKey } from '../support/service/csr.js';
import { IDENTITY, professional, tokenId } from '../support/service/orders.js';
import { type CardSet, type FieldCard, requestsOf, type Use } from '../support/updates/field-card.js';

export type Fleet = {
  /** All keys of the fleet are derived from it. */
  readonly seed: string;
  readonly cards: number;
  /** So many of the first cards belong to doctors, who are the first class. */
  readonly priority: number;
};

/** A profession (TRE_G15) for each class of the campaign; the last class takes all others. */
export const PROFESSIONS = {
  priority: { profession: '10', title: 'Médecin' },
  second: { profession: '60', title: 'Infirmier' },
  third: { profession: '70', title: 'Masseur-Kinésithérapeute' },
} as const;
export type FleetClass = keyof typeof PROFESSIONS;

export function classOf({ priority }: Pick<Fleet, 'priority'>, number: number): FleetClass {
  if (number <= priority) return 'priority';
  return number % 2 === 0 ? 'second' : 'third';
}

/** A number below `end` that is the same at each call. */
export function lotOf({ seed }: Pick<Fleet, 'seed'>, drawn: string, end: number): number {
  return createHash('sha256').update(`${seed} ${drawn}`).digest().readUInt32BE(0) % end;
}

/** The card with the keys of its first set, and no certificates. */
export function fleetCard(fleet: Fleet, number: number): FieldCard {
  return { number: tokenId(number), sets: [derivedSet(fleet, number, 1)] };
}

export function derivedSet({ seed }: Pick<Fleet, 'seed'>, number: number, set: number): CardSet {
  const key = (use: Use): HolderKey => derivedKey(`${seed} ${number} ${set} ${use}`);
  return { keys: { authentication: key('authentication'), signature: key('signature') }, certificates: new Map() };
}

function derivedKey(name: string): HolderKey {
  const scalar = createHash('sha256').update(name).digest();
  const pair = createECDH('prime256v1');
  pair.setPrivateKey(scalar);
  // Uncompressed (SEC 1, 2.3.3): 4, x, y.
  const point = pair.getPublicKey().subarray(1);
  const [x, y] = [point.subarray(0, 32).toString('base64url'), point.subarray(32).toString('base64url')];
  const key: JsonWebKey = { kty: 'EC', crv: 'P-256', x, y, d: scalar.toString('base64url') };
  const privateKey = createPrivateKey({ key, format: 'jwk' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

/** The line of an order that asks for the first set of a card. */
export function orderLine(fleet: Fleet, number: number): string {
  const requests = fleetCard(fleet, number).sets.flatMap((set) => requestsOf(set).requests);
  const holder = { ...professional(number), ...PROFESSIONS[classOf(fleet, number)] };
  return JSON.stringify({ holder, card: { tokenId: tokenId(number), product: 'cps' }, identity: IDENTITY, requests });
}
