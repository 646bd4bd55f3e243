/** A card in the hands of a client: its keys, its certificates, and what they sign. */
import { X509Certificate } from 'node:crypto';
import type { Answer, Client, IssuedCertificate } from '../service/client.js';
import { type HolderKey, makeCsr, makeKey } from '../service/csr.js';
import { cardBody, nextNumber, tokenId } from '../service/orders.js';
import { proofBy, sha256Of } from './statements.js';

export const CAPABILITIES = { generation: 'cps4', applet: '4.1.0', keyTypes: ['p-256'], spareContainers: 2 } as const;
const DAY_MS = 86_400_000;
export const READER = { model: 'Reader 5', middleware: 'CryptoLib', version: '5.1' } as const;

export type CardKey = { readonly key: HolderKey; readonly certificate: IssuedCertificate };

/** `authentication` is the first certificate of the set. */
export type RemoteCard = { readonly tokenId: string; readonly set: readonly CardKey[] };

export type Update = {
  readonly id: string;
  readonly state: string;
  readonly certificates: readonly IssuedCertificate[];
  readonly replaces: readonly string[];
  readonly confirmBy: string | null;
  readonly overlapUntil: string | null;
  readonly endedBy: string | null;
};

/** By default it ends within the window in which it may be updated. */
export async function issueCard(cards: Client, days = 30): Promise<RemoteCard> {
  const number = nextNumber();
  const keys = [makeKey(), makeKey()];
  const { requests, ...rest } = cardBody(number) as { readonly requests: readonly object[] };
  const notAfter = new Date(Date.now() + days * DAY_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  const validity = { notAfter };
  const body = { ...rest, requests: requests.map((one, at) => ({ ...one, csr: makeCsr(keyAt(keys, at)), validity })) };
  const path = `/v1/cards/${encodeURIComponent(tokenId(number))}/certificates`;
  const issued = await cards.expect<{ readonly certificates: readonly IssuedCertificate[] }>('POST', path, { body });
  return { tokenId: tokenId(number), set: setOf(keys, issued.certificates) };
}

function keyAt(keys: readonly HolderKey[], at: number): HolderKey {
  const key = keys[at];
  if (key === undefined) throw new Error('a key for each request');
  return key;
}

function setOf(keys: readonly HolderKey[], certificates: readonly IssuedCertificate[]): readonly CardKey[] {
  return certificates.map((certificate, at) => ({ key: keyAt(keys, at), certificate }));
}

export function pathOf({ tokenId: card }: RemoteCard, ...parts: readonly string[]): string {
  return ['/v1/cards', encodeURIComponent(card), 'updates', ...parts].join('/');
}

export function hashesOf(set: readonly CardKey[]): readonly string[] {
  return set.map(({ certificate }) => sha256Of(new X509Certificate(certificate.certificate).raw));
}

/** The id of the platform key, as statements name it. */
export async function platformOf(client: Client): Promise<string> {
  const { keys } = await client.expect<{ readonly keys: readonly { readonly id: string }[] }>('GET', '/v1/keys');
  return keys[0]?.id ?? '';
}

export type Speaker = { readonly platform: string; readonly card: RemoteCard };

/** A statement that the first key of `set` has signed. */
export function word({ platform, card }: Speaker, members: object, [signer]: readonly CardKey[]): object {
  if (signer === undefined) throw new Error('a card with a key');
  const at = `${new Date().toISOString().slice(0, 19)}Z`;
  const head = { form: 'pfcng-card-statement-1', environment: 'development', platform, card: card.tokenId, at };
  return proofBy(signer.key.privateKey, { ...head, ...members }, signer.certificate.id);
}

export type Begin = { readonly body: { readonly [member: string]: unknown }; readonly keys: readonly HolderKey[] };

/** A begin with new keys for the whole set. */
export function beginOf(speaker: Speaker, changes: object = {}): Begin {
  const { card } = speaker;
  const keys = card.set.map(() => makeKey());
  const requests = card.set.map(({ certificate: { profile } }, at) => ({
    profile,
    keyOrigin: 'card',
    csr: makeCsr(keyAt(keys, at)),
  }));
  const stated = requests.map(({ profile, csr }) => ({ csrSha256: sha256Of(derOf(csr)), profile }));
  const proof = word(speaker, { verb: 'begin', requests: stated, onCard: hashesOf(card.set) }, card.set);
  const body = { requests, proof, capabilities: CAPABILITIES, channel: 'none', reader: READER, ...changes };
  return { body, keys };
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
}

export type BegunUpdate = Speaker & {
  readonly cards: Client;
  readonly update: Update;
  readonly fresh: readonly CardKey[];
  readonly begin: Begin;
};

export async function begin(cards: Client, speaker: Speaker, changes: object = {}): Promise<BegunUpdate> {
  const asked = beginOf(speaker, changes);
  const update = await cards.expect<Update>('POST', pathOf(speaker.card), { body: asked.body });
  return { ...speaker, cards, update, fresh: setOf(asked.keys, update.certificates), begin: asked };
}

/** The word of the card about its update; the new key confirms, the present one abandons. */
export function tell(
  { cards, update, fresh, ...speaker }: BegunUpdate,
  verb: 'confirm' | 'abandon',
  { onCard, by }: { readonly onCard?: readonly string[]; readonly by?: readonly CardKey[] } = {},
): Promise<Answer> {
  const present = speaker.card.set;
  const held = verb === 'confirm' ? [...hashesOf(present), ...hashesOf(fresh)] : hashesOf(present);
  const members = { verb, update: update.id, onCard: onCard ?? held };
  const proof = word(speaker, members, by ?? (verb === 'confirm' ? fresh : present));
  const call = verb === 'confirm' ? 'confirmation' : 'abandonment';
  return cards.call('POST', pathOf(speaker.card, update.id, call), { body: { proof } });
}
