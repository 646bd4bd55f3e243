/**
 * A card in memory, with its reader: keys of node:crypto, and statements that `statements.ts`
 * writes and signs without code of the product.
 */
import { STATEMENT_FORM } from '../../../src/updates/statement.js';
import { csrDer, fromPem, type HolderKey, makeKey, toPem } from '../service/csr.js';
import { proofBy, sha256Of } from './statements.js';

export const USES = ['authentication', 'signature'] as const;
export type Use = (typeof USES)[number];

/** A certificate as the API shows it. */
export type CardCertificate = {
  readonly id: string;
  readonly profile: string;
  readonly serialNumber: string;
  /** PEM. */
  readonly certificate: string;
};

export type CardSet = {
  readonly keys: Readonly<Record<Use, HolderKey>>;
  readonly certificates: Map<Use, CardCertificate>;
};

export type FieldCard = {
  /** The card number (token id). */
  readonly number: string;
  /** What is on the card, the oldest set first. */
  readonly sets: CardSet[];
};

export function newSet(): CardSet {
  return { keys: { authentication: makeKey(), signature: makeKey() }, certificates: new Map() };
}

/** The set that the card signs with: the newest one that is complete. */
export function presentSet({ sets, number }: FieldCard): CardSet {
  const found = sets.findLast((set) => USES.every((use) => set.certificates.has(use)));
  if (found === undefined) throw new Error(`the card ${number} has no complete set`);
  return found;
}

/** The set that has keys and not all of its certificates; null: there is none. */
export function unfinishedSet(card: FieldCard): CardSet | null {
  const last = card.sets.at(-1);
  return last === undefined || last === presentSet(card) ? null : last;
}

export const profileOf = (use: Use): string => `fort/cps-${use}`;

/** Writes the certificate into the container that has its key; false: the card has not the key. */
export function writeOn(card: FieldCard, certificate: CardCertificate): boolean {
  const [der = Buffer.alloc(0)] = fromPem(certificate.certificate);
  for (const set of card.sets)
    for (const use of USES)
      if (der.includes(set.keys[use].publicKey.export({ type: 'spki', format: 'der' }))) {
        set.certificates.set(use, certificate);
        return true;
      }
  return false;
}

export function hashOf({ certificate }: Pick<CardCertificate, 'certificate'>): string {
  return sha256Of(fromPem(certificate)[0] ?? Buffer.alloc(0));
}

/** SHA-256 of each certificate on the card. */
export function readBack({ sets }: FieldCard): readonly string[] {
  return sets.flatMap(({ certificates }) => [...certificates.values()].map(hashOf));
}

/** What all statements to one service name. */
export type StatementPlace = { readonly environment: string; readonly platform: string };

/** Signs with the authentication key of a set. `at`: RFC 3339. */
export function prove(
  card: Pick<FieldCard, 'number'>,
  by: CardSet,
  { place, at, members }: { readonly place: StatementPlace; readonly at: string; readonly members: object },
) {
  const statement = { ...place, form: STATEMENT_FORM, card: card.number, at, ...members };
  return proofBy(by.keys.authentication.privateKey, statement, by.certificates.get('authentication')?.id ?? '');
}

/** The requests of an update, and their hashes for its statement. */
export function requestsOf(set: CardSet) {
  const made = USES.map((use) => ({ profile: profileOf(use), der: csrDer(set.keys[use]) }));
  return {
    requests: made.map(({ profile, der }) => ({ profile, keyOrigin: 'card', csr: toPem('CERTIFICATE REQUEST', der) })),
    hashes: made.map(({ profile, der }) => ({ csrSha256: sha256Of(der), profile })),
  };
}

/** What a card of the newest generation can do. */
export const CAPABILITIES = { generation: 'cps4', applet: '4.0.0', keyTypes: ['p-256'], spareContainers: 2 } as const;

export const READER = { model: 'memory', middleware: 'test', version: '1' } as const;

/** The body of a begin. The present set signs it, or `by`. */
export function beginBody(
  card: FieldCard,
  set: CardSet,
  { place, at, by = presentSet(card) }: { readonly place: StatementPlace; readonly at: string; readonly by?: CardSet },
) {
  const { requests, hashes } = requestsOf(set);
  const members = { verb: 'begin', requests: hashes, onCard: readBack(card) };
  return {
    requests,
    proof: prove(card, by, { place, at, members }),
    capabilities: CAPABILITIES,
    channel: 'none',
    reader: READER,
  };
}
