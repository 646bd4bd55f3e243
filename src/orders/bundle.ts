/**
 * The bundle: the file with which a card bureau personalises the cards of an order. It is NDJSON: a
 * head with the chains of the CAs, a line for each card that has certificates, and an end. All of
 * it is made of what never changes, so that it is the same at each reading and has one hash.
 */
import { type Bytes, toBase64 } from '../kernel/bytes.js';
import { canonicalJson, type Json } from '../kernel/json.js';
import type { SettledLine } from '../ports/store/orders.js';
import type { ResultCertificate } from './result-certificates.js';

type BundleCertificate = Pick<ResultCertificate, 'id' | 'issuer' | 'profile' | 'sha256'> & {
  /** The container of the card that gets it; null: none is named. */
  readonly container: string | null;
  /** DER. */
  readonly certificate: Bytes;
};

/** `chains`: the certificates of each issuer, from its own up to its root, DER. */
export function bundleHead(head: {
  readonly order: string;
  readonly environment: string;
  readonly chains: readonly (readonly [issuer: string, certificates: readonly Bytes[]])[];
}): string {
  const { order, environment, chains } = head;
  const encoded = chains.map(([issuer, certificates]) => [issuer, certificates.map(toBase64)] as const);
  return canonicalJson({ form: 'pfcng-card-bundle-1', order, environment, chains: Object.fromEntries(encoded) });
}

export function bundleLine(
  { line, cardTokenId, outcome }: SettledLine,
  certificates: readonly BundleCertificate[],
): string {
  const rendered = certificates.map(
    ({ certificate, ...facts }): Json => ({ ...facts, certificate: toBase64(certificate) }),
  );
  return canonicalJson({ line, card: cardTokenId, outcome, certificates: rendered });
}

/** `lines`: how many lines with cards are before the end. */
export function bundleEnd(lines: number): string {
  return canonicalJson({ end: true, lines });
}
