/**
 * Operations of operators and officers on the command line: accounts, blocked keys, and the clock
 * mark.
 */
import assert from 'node:assert/strict';
import { present } from '../../../../src/kernel/assert.js';
import { sha256Hex } from '../../../../src/kernel/digest.js';
import { HOUR_MS } from '../../../../src/kernel/duration.js';
import { err, ok, type Result } from '../../../../src/kernel/result.js';
import { certifyAccount } from '../../../../src/operations/accounts/certify-account.js';
import { addAccount, changeAccount, type NewAccount } from '../../../../src/operations/accounts/change-account.js';
import { findUnusableAccounts, NOT_FOUNDED } from '../../../../src/operations/accounts/find-unusable-accounts.js';
import { resetClockMark } from '../../../../src/operations/clock.js';
import { keepPartitions } from '../../../../src/operations/crl/partition-marks.js';
import { blockKey } from '../../../../src/operations/keys/block-key.js';
import { acceptDatabase } from '../../../../src/operations/restored/accept.js';
import { pauseWork } from '../../../../src/operations/restored/pause-work.js';
import type { IssuerId } from '../../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../../src/ports/store/certificates.js';
import { readCertificationRequest } from '../../../../src/x509/request/certification-request.js';
import { NEW_ID } from '../../../support/db/fixture.js';
import { NOW } from '../../../support/db/records.js';
import { acceptedOrder } from '../../../support/orders/records.js';
import { accept, idOf, reportOf, type Service } from '../service.js';
import { claimRequest, OFFICER } from '../stage.js';
import type { Answer, Scenario } from './all.js';
import { changed, opened } from './campaigns.js';

/** No other scenario uses the key of this number. */
const NEW_KEY = 17;
const BY = { login: 'operator' };
const LEAKED = 'ab'.repeat(32);
const LEAK = { ...BY, reason: 'found in a public repository' };

function account(id: string, role: string, key: string): NewAccount {
  const scope = { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] };
  const credentials = [{ issuer: 'aci-el-org' as IssuerId, spkiSha256: key.repeat(64) }];
  return { id, name: id, roles: [role], scope, credentials };
}

const CLERK = account('clerk', 'card-management', '1');
const answerOf = (result: Result<unknown, { readonly kind: string }>): Answer => (result.ok ? ok([]) : result);

async function officers({ bare }: Service): Promise<void> {
  await addAccount(bare, account('officer-a', 'officer', '2'), BY);
  await addAccount(bare, account('officer-b', 'officer', '3'), BY);
}

async function certifyClerk({ world, stage }: Service): Promise<Answer> {
  const csr = present(stage.csrs[NEW_KEY], 'request on a new key');
  const idempotency = claimRequest(OFFICER, 'lost');
  const command = { officer: OFFICER, accountId: CLERK.id, csr, keyOrigin: null, idempotency };
  const certified = await certifyAccount(world, command);
  return certified.ok ? ok([reportOf(certified.value)]) : certified;
}

async function certificatesOfNewKey({ bare, stage }: Service): Promise<readonly CertificateRecord[]> {
  const request = await readCertificationRequest(present(stage.csrs[NEW_KEY], 'request on a new key'));
  assert.ok(request.ok);
  const key = sha256Hex(request.value.key.spki);
  return accept(await bare.store.read((reads) => reads.certificatesByKeys([key])));
}

export const OFFICE: readonly Scenario[] = [
  {
    name: 'add an account',
    operation: addAccount,
    run: async ({ world }) => answerOf(await addAccount(world, CLERK, BY)),
    orTold: ['account-exists'],
  },
  {
    name: 'disable an account',
    operation: changeAccount,
    before: ({ bare }) => addAccount(bare, CLERK, BY),
    run: async ({ world }) => answerOf(await changeAccount(world, { id: CLERK.id, change: 'disable' }, BY)),
    orTold: ['nothing-to-change'],
  },
  {
    name: 'change the rights of an account',
    operation: changeAccount,
    before: ({ bare }) => addAccount(bare, CLERK, BY),
    run: async ({ world }) =>
      answerOf(await changeAccount(world, { id: CLERK.id, change: { rights: { roles: ['auditor'] } } }, BY)),
    orTold: ['nothing-to-change'],
  },
  {
    name: 'give an account a new certificate',
    operation: certifyAccount,
    before: async (service) => {
      const { bare } = service;
      const read = await bare.store.read((reads) => reads.certificateById(idOf(service, 'revoked')));
      const { issuer, spkiSha256 } = present(accept(read), 'a revoked certificate');
      await addAccount(bare, { ...CLERK, credentials: [{ issuer, spkiSha256 }] }, BY);
    },
    run: certifyClerk,
    again: async (service) => {
      const certified = await certifyClerk(service);
      const made = (await certificatesOfNewKey(service)).filter(({ state }) => state.status === 'issued');
      return made.length > 1 ? err({ kind: 'certified twice' }) : certified;
    },
  },
  {
    name: 'find accounts that cannot be used',
    operation: findUnusableAccounts,
    before: (service) => {
      const plan = { ceremony: 'founding', planSha256: 'ab'.repeat(32) };
      const certificate = idOf(service, 'revoked');
      const details = { account: CLERK.id, certificate, detail: 'its key is blocked', ...plan };
      const event = { at: NOW, type: NOT_FOUNDED, actor: 'system', details } as const;
      return service.bare.store.transaction((tx) => tx.appendAudit([event]));
    },
    run: async ({ world }) => {
      const facts = { authorities: ['aci-el-org'], access: [], now: NOW };
      return answerOf(await world.store.read((reads) => findUnusableAccounts(reads, facts)));
    },
  },
  {
    name: 'block a key',
    operation: blockKey,
    before: officers,
    run: async ({ world }) => answerOf(await blockKey(world, LEAKED, { ...LEAK, officer: 'officer-a' })),
    orTold: ['key-blocked-already'],
  },
  {
    name: 'reset the mark of the clock',
    operation: resetClockMark,
    before: officers,
    run: async ({ world }) => answerOf(await resetClockMark(world, ['officer-a', 'officer-b'])),
  },
  {
    name: 'accept a database that knows less',
    operation: acceptDatabase,
    before: officers,
    run: async ({ world: { store, clock } }) => {
      const home = { id: NEW_ID, seq: 99, chainHash: 'ab'.repeat(32) };
      const gaps = [{ witness: 'home', id: 'home:99', detail: 'entry 99 is missing' }] as const;
      return answerOf(await acceptDatabase({ store, clock }, { officers: ['officer-a', 'officer-b'], gaps, home }));
    },
  },
  {
    name: 'pause what was under way in a restored database',
    operation: pauseWork,
    before: async (service) => {
      await addAccount(service.bare, CLERK, BY);
      const order = acceptedOrder(1, 1, { accountId: CLERK.id });
      accept(await service.bare.store.transaction((tx) => tx.insertOrder(order)));
      await opened(service);
      const revocation = { at: NOW + HOUR_MS, armedAt: NOW, outcome: null };
      await changed(service, { dates: { suspension: null, revocation } });
    },
    run: async ({ world: { store, clock } }) => answerOf(await store.transaction((tx) => pauseWork(tx, clock))),
  },
  {
    name: 'keep how many partitions there are',
    operation: keepPartitions,
    run: async ({ world: { store, policy } }) => {
      const crl = { ...policy.environment.crl, partitions: { 'aci-el-org': 4 } };
      return answerOf(await keepPartitions(store, { environment: { ...policy.environment, crl } }));
    },
  },
];
