/** CMP in the process of a test: the operations on a real database, with software keys. */
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { secretOf } from '../../../src/access/registration-keys.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { type CmpPath, receive } from '../../../src/operations/cmp/receive.js';
import type { Policy } from '../../../src/policy/model.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { Registration } from '../../../src/ports/store/enrolment/registrations.js';
import type { Store } from '../../../src/ports/store.js';
import { testPolicy } from '../../unit/policy/fixtures.js';
import { unwrap } from '../db/fixture.js';
import { CARD_MANAGEMENT, createBench } from '../orders/order-bench.js';
import { type Credentials, createCmpClient } from './client.js';
import { createTestCmpSigners } from './cmp-signers.js';

export const ORGANISATION = 'elementaire/org-auth-cli';
const STRUCTURE = { id: '10B0057881', name: 'CABINET M DOC0057881', department: 'Paris (75)' };

export async function createCmpBench(store: Store, time: { now: number }, policy: Policy = testPolicy()) {
  const bench = await createBench({ store, policy, time });
  const account = {
    ...CARD_MANAGEMENT,
    ...ACCOUNT_DEFAULTS,
    structure: STRUCTURE,
    roles: ['card-management'] as const,
  };
  unwrap(await store.transaction((tx) => tx.updateAccount(account)));
  const world = {
    ...bench.world,
    cmpSigners: createTestCmpSigners().cmpSigners,
    issuers: {
      ...bench.world.issuers,
      chain: (id: IssuerId) => [bench.world.issuers.byId(id)?.certificate ?? new Uint8Array(), ROOT],
    },
  };
  const key = [...world.registrationKeys.values()][0] ?? new Uint8Array(32);
  const secret = secretOf(key, { kind: 'account', id: account.id, generation: 1 });
  /** What goes on after its answer. */
  const later: Promise<unknown>[] = [];
  const send = async (message: Bytes, path: CmpPath = { profile: ORGANISATION, label: null }): Promise<Bytes> => {
    const reply = await receive(world, message, { path, address: '127.0.0.1', goesOn: (work) => later.push(work) });
    if (reply.status !== 200) throw new Error(`${reply.status} ${reply.text}`);
    return reply.message;
  };
  // The profile of a conformance suite takes no MAC without a derivation of its key.
  const usual = (profile: string): Credentials => {
    return { reference: account.id, secret, derivesKey: profile === 'elementaire/cmp-suite' };
  };
  const client = (credentials?: Credentials, profile = ORGANISATION) =>
    createCmpClient(credentials ?? usual(profile), {
      send: (message) => send(message, { profile, label: null }),
      now: () => time.now,
    });
  /** The credentials of a registration, which is stored as open. */
  const registered = async (one: Registration): Promise<Credentials> => {
    unwrap(await store.transaction((tx) => tx.insertRegistration(one)));
    const own = { kind: 'registration', id: one.id, generation: one.secretGeneration } as const;
    return { reference: one.reference, secret: secretOf(key, own) };
  };
  return { ...bench, world, send, client, registered, account, later };
}

const ROOT = new Uint8Array([0x30, 0x00]);
