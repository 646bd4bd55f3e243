/**
 * Recovery of many intents after a crash: a request for several certificates is recovered
 * as a whole.
 */
import assert from 'node:assert/strict';
import { err, ok } from '../../../src/kernel/result.js';
import { recoverIntents } from '../../../src/operations/issuance/recover.js';
import type { World } from '../../../src/operations/world.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import { RUN } from '../../support/db/records.js';
import { goodCertificate, policy } from '../../support/lint/fixtures.js';
import { NO_BLOCKED_KEYS } from '../../support/no-blocked-keys.js';

const PAGE = 1_000;
const NO_STATES = { cards: new Map(), barred: new Set() };

/**
 * In the order of the store: oldest first, at most `PAGE`; the intents of one request have the same
 * time.
 */
function openIntents(count: number, atOf: (at: number) => number): readonly CertificateRecord[] {
  return Array.from({ length: count }, (_, at) => {
    const record = { id: String(at), createdAt: atOf(at), claim: null, state: { status: 'open' } };
    return record as unknown as CertificateRecord;
  });
}

const QUIET_WORLD = {
  run: RUN,
  underWay: new Set(),
  blockedKeys: NO_BLOCKED_KEYS,
  clock: () => 1_000_000,
  log: { info: () => undefined },
  policy,
};

/** Reads of a database that has open intents only. */
const NOTHING_ELSE = {
  certificatesOfCards: async () => [],
  blockedKeys: async () => [],
  issuanceStates: async () => NO_STATES,
  revokedIssuers: async () => new Map(),
};

async function abandonedOf(records: readonly CertificateRecord[]): Promise<number> {
  const tx = { lockCertificate: async () => null, releaseClaims: async () => {} };
  const world = {
    ...QUIET_WORLD,
    statusChanged: () => undefined,
    store: {
      read: async (work: (reads: unknown) => Promise<unknown>) =>
        ok(
          await work({
            ...NOTHING_ELSE,
            openIntents: async ({ limit }: { readonly limit: number }) => records.slice(0, limit),
          }),
        ),
      transaction: async (work: (given: unknown) => Promise<unknown>) => ok(await work(tx)),
    },
  };
  const recovered = await recoverIntents(world as unknown as World, 'own');
  assert.ok(recovered.ok);
  return recovered.value.abandoned;
}

describe('the recovery of open intents', () => {
  it('recovers all of them', async () => {
    assert.equal(await abandonedOf(openIntents(PAGE - 1, (at) => at >> 1)), PAGE - 1);
  });

  it('leaves the last request of a full page for the next run, because the page may end in the middle of it', async () => {
    // Pairs start at the second intent, so the page ends with the first half of a pair.
    assert.equal(await abandonedOf(openIntents(PAGE + 1, (at) => (at + 1) >> 1)), PAGE - 1);
  });

  it('does not retry a profile at its rate limit or a signer that is unavailable, and continues with the others', async () => {
    const ofProfile = (profile: string, key: string) => {
      const { tbs, context } = goodCertificate(profile);
      const claim = { account: 'a', route: 'r', key };
      return { id: key, createdAt: 0, claim, state: { status: 'open' }, issuer: context.issuer.id, profile, tbs };
    };
    const profiles = ['fort/cps-signature', 'fort/cps-authentication'];
    const records = profiles.flatMap((profile) => [
      ofProfile(profile, `${profile} 1`),
      ofProfile(profile, `${profile} 2`),
    ]);
    const asked: string[] = [];
    const world = {
      ...QUIET_WORLD,
      issuers: { byId: () => goodCertificate('fort/cps-signature').context.issuer },
      batchSigner: {
        certificate: async (_token: unknown, profile: string) => {
          asked.push(profile);
          const away = { kind: 'signer-unavailable', retryAfterMs: 1_000, detail: '' } as const;
          return err(profile === 'fort/cps-signature' ? { ...away, profile } : away);
        },
      },
      store: {
        read: async (work: (reads: unknown) => Promise<unknown>) =>
          ok(await work({ ...NOTHING_ELSE, openIntents: async () => records })),
      },
    };
    const recovered = await recoverIntents(world as unknown as World, 'own');
    assert.deepEqual(recovered, ok({ finished: 0, abandoned: 0, waiting: 4, unknown: 0, left: [] }));
    assert.deepEqual(asked, profiles);
  });
});
