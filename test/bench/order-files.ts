/** Files of orders, written before any clock starts. */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { makeCsr, makeKey } from '../support/service/csr.js';
import { staff, tokenId } from '../support/service/orders.js';

/** The certificates of a card of a bench order: both are signed by the token that others use. */
export const CARD_PROFILES = ['elementaire/cpe-authentication', 'elementaire/cpe-signature'] as const;

async function writeLines(file: string, lines: Iterable<string>): Promise<void> {
  const out = createWriteStream(file);
  for (const line of lines) if (!out.write(`${line}\n`)) await once(out, 'drain');
  out.end();
  await once(out, 'finish');
}

function* cards(count: number): Generator<string> {
  for (let number = 1; number <= count; number += 1) {
    // The local id of staff has four digits in the other tests; it may have 32.
    const holder = { ...staff(number), idNat: `30B0057881/BENCH${String(number).padStart(8, '0')}` };
    const requests = CARD_PROFILES.map((profile) => ({ profile, csr: makeCsr(makeKey()) }));
    yield JSON.stringify({ holder, card: { tokenId: tokenId(number), product: 'cpe' }, requests });
  }
}

/** Each card has two certificates on keys of its own. */
export function writeCards(file: string, count: number): Promise<void> {
  return writeLines(file, cards(count));
}

const LINE_OCTETS = 32 * 1024;

function* noise(octets: number): Generator<string> {
  // A hash that is hashed again does not compress, as keys and signatures do not.
  let hash = createHash('sha256').update('bench').digest();
  for (let written = 0; written < octets; written += LINE_OCTETS) {
    const parts: string[] = [];
    for (let length = 0; length < LINE_OCTETS - 64; length += 44) {
      hash = createHash('sha256').update(hash).digest();
      parts.push(hash.toString('base64'));
    }
    yield JSON.stringify({ noise: parts.join('') });
  }
}

/** Lines of 32 KiB that no order accepts, for an upload that is only received. */
export function writeNoise(file: string, octets: number): Promise<void> {
  return writeLines(file, noise(octets));
}

export async function contentDigest(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const part of createReadStream(file)) hash.update(part as Buffer);
  return `sha-256=:${hash.digest('base64')}:`;
}
