/** The service under test, and what must hold of it after each command. */
import assert from 'node:assert/strict';
import { createPublicKey, verify, X509Certificate } from 'node:crypto';
import type { RawDatabase } from '../../support/db/raw.js';
import { fromPem } from '../../support/service/csr.js';
import { professionalId } from '../../support/service/orders.js';
import { newSet, presentSet, USES } from '../../support/updates/field-card.js';
import { octetsOf, sha256Of } from '../../support/updates/statements.js';
import { cardPathOf, issueFirstSet } from '../../support/updates/update-client.js';
import type { Answer, UpdateService } from '../../support/updates/update-service.js';
import { certificatesOf, LIVE, type Message, type Model, type ModelCard, type ModelUpdate, UNTOLD } from './model.js';

export type RunningUpdates = {
  readonly service: UpdateService;
  readonly database: RawDatabase;
  /** SHA-256 of each statement that the service has accepted. */
  readonly accepted: Set<string>;
};

/** A card with its first set, as the card management system orders it. */
export async function issueCard(
  { service }: RunningUpdates,
  given: { readonly number: string; readonly holder: number },
): Promise<ModelCard> {
  const card: ModelCard = { ...given, sets: [newSet()], updates: [], session: null, isOpposed: false };
  await issueFirstSet((path, body) => service.send('cards', path, body), card, given.holder);
  return card;
}

/** Remembers the statement of an accepted message. */
export function noteAccepted({ accepted }: RunningUpdates, { body }: Pick<Message, 'body'>): void {
  const { proof } = body as { readonly proof?: { readonly statement: string } };
  if (proof !== undefined) accepted.add(sha256Of(Buffer.from(proof.statement, 'utf8')));
}

/** Everything that must hold at any time. */
export async function assertHolds(model: Model, real: RunningUpdates): Promise<void> {
  for (const card of model.cards) {
    await assertUpdates(card, real);
    await assertPresentSet(model, card, real);
  }
  await assertProcedures(model, real);
  await assertProofs(model, real);
}

/** The service knows the updates of the model, in their states, and one of them is live. */
async function assertUpdates(card: ModelCard, { service }: RunningUpdates): Promise<void> {
  const { status, body } = await service.send('cards', `${cardPathOf(card)}/updates`);
  assert.equal(status, 200, JSON.stringify(body));
  const { updates } = body as { readonly updates: readonly { readonly id: string; readonly state: string }[] };
  const states = (list: readonly { readonly id: string; readonly state: string }[]) =>
    Object.fromEntries(list.map(({ id, state }) => [id, state]));
  assert.deepEqual(states(updates), states(card.updates), `updates of ${card.number}`);
  assert.ok(updates.filter(({ state }) => (LIVE as readonly string[]).includes(state)).length <= 1);
}

/** What the card would sign with is good, unless somebody revoked it. */
async function assertPresentSet({ revoked }: Model, card: ModelCard, { service }: RunningUpdates): Promise<void> {
  for (const { id, serialNumber } of certificatesOf(presentSet(card))) {
    const expected = revoked.has(id) ? 'revoked' : 'good';
    assert.equal(await service.status(serialNumber), expected, `${serialNumber} of the card ${card.number}`);
  }
}

/** A holder has at most one open procedure, and has one while an update of a card is live. */
async function assertProcedures({ cards }: Model, { database }: RunningUpdates): Promise<void> {
  const rows = await database.all('select holder_id, reference from open_procedures');
  const expected = cards
    .flatMap(({ updates }) => updates)
    .filter(({ state }) => state === 'issuing' || UNTOLD.includes(state))
    .map(({ id, card }) => `${professionalId(card.holder)} ${id}`);
  assert.deepEqual(rows.map(({ holder_id, reference }) => `${holder_id} ${reference}`).sort(), expected.sort());
}

/**
 * Every accepted statement is stored, unless it repeats one; each new certificate has a begin with
 * its key, and the signature of the key that the card had then verifies. Every live update has a
 * timer.
 */
async function assertProofs({ cards }: Model, { database, accepted }: RunningUpdates): Promise<void> {
  const proofs = await database.all('select update_id, verb, statement, signature, sha256 from card_proofs');
  const stored = new Set(proofs.map(({ statement }) => sha256Of(Buffer.from(String(statement), 'utf8'))));
  for (const statement of accepted) assert.ok(stored.has(statement), `the statement ${statement} is stored`);
  const said = proofs.map(({ update_id, verb }) => `${update_id} ${verb}`);
  assert.deepEqual(said, [...new Set(said)], 'a repeated statement is not stored again');
  for (const update of cards.flatMap(({ updates }) => updates)) {
    const begin = proofs.find(({ update_id, verb }) => update_id === update.id && verb === 'begin');
    assert.ok(begin !== undefined, `the begin of ${update.id} is stored`);
    assertBegin(update, { statement: String(begin.statement), signature: begin.signature });
  }
  const untimed = await database.all(
    `select id, state from card_updates
     where due_at is null and state in ('offered', 'writing', 'undetermined', 'confirmed')`,
  );
  assert.deepEqual(untimed, []);
}

function assertBegin(
  { oldSet, requests }: ModelUpdate,
  { statement, signature }: { readonly statement: string; readonly signature: unknown },
): void {
  const signed =
    typeof signature === 'string' ? Buffer.from(signature, 'base64') : Buffer.from(signature as Uint8Array);
  const key = oldSet.keys.authentication.publicKey;
  assert.ok(verify('sha256', octetsOf(statement), key, signed), 'the present key has signed the begin');
  assert.deepEqual((JSON.parse(statement) as { readonly requests: unknown }).requests, requests);
}

/** The certificates of an update have the keys of the set that asked for them. */
export function assertKeys({ newSet: { keys }, certificates }: Pick<ModelUpdate, 'newSet' | 'certificates'>): void {
  const expected = USES.map((use) => spki(keys[use].publicKey.export({ type: 'spki', format: 'pem' }).toString()));
  const found = certificates.map(({ certificate }) => {
    const [der = Buffer.alloc(0)] = fromPem(certificate);
    return spki(new X509Certificate(der).publicKey.export({ type: 'spki', format: 'pem' }).toString());
  });
  assert.deepEqual(found, expected);
}

const spki = (pem: string): string => createPublicKey(pem).export({ type: 'spki', format: 'der' }).toString('hex');

export function shown({ status, body }: Answer): string {
  return `${status} ${JSON.stringify(body)}`;
}
