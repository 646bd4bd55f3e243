/**
 * A card with its first set in the process of the test, and what a client sends about its updates:
 * operations on a real database, with a clock and a signer of the test.
 */
import { applicationsOf, type CardRequestBody } from '../../../src/http/api/card-request.js';
import { present } from '../../../src/kernel/assert.js';
import { formatInstant } from '../../../src/kernel/clock.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import type { ProofWorld } from '../../../src/operations/proofs/verify-proof.js';
import { revokeCertificate } from '../../../src/operations/revocation/revoke.js';
import { acceptStatement, type UpdateStatementVerb } from '../../../src/operations/updates/accept-statement.js';
import { beginUpdate } from '../../../src/operations/updates/begin.js';
import { decideUpdate } from '../../../src/operations/updates/decide.js';
import { workDueUpdates } from '../../../src/operations/updates/due.js';
import type { World } from '../../../src/operations/world.js';
import type { Identity, Policy } from '../../../src/policy/model.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { RevocationReason } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { assembleCertificate } from '../../../src/x509/certificate/certificate-writer.js';
import { NOW, testPolicy } from '../../unit/policy/fixtures.js';
import { unwrap } from '../db/fixture.js';
import { CARD_MANAGEMENT, createBench } from '../orders/order-bench.js';
import { fromPem, type HolderKey, makeCsr, makeKey } from '../service/csr.js';
import { professional, tokenId } from '../service/orders.js';
import { CAPABILITIES } from './remote-card.js';
import { proofBy, sha256Of } from './statements.js';

export const CARD = tokenId(1);
export const [AUTHENTICATION, SIGNATURE] = ['fort/cps-authentication', 'fort/cps-signature'] as const;
export const OFFICER = { ...CARD_MANAGEMENT, id: 'officer-1', roles: ['officer'] };
const PLATFORM = '1'.repeat(64);
export const IDENTITY: Identity = {
  assurance: 'high',
  source: 'PSI',
  reference: 'dossier-1',
  verifiedAt: '2026-02-01T10:00:00Z',
};

export type CardKey = { readonly key: HolderKey; readonly record: CertificateRecord };

/** Cards are updated at any time. `supersede`: what becomes of the old certificates. */
export function anyTimePolicy(supersede: 'let-end' | 'revoke' = 'let-end'): Policy {
  const policy = testPolicy();
  const profiles = new Map(
    [...policy.profiles].map(([id, profile]) => {
      const update = profile.update === null ? null : { ...profile.update, supersede };
      return [id, { ...profile, update }];
    }),
  );
  return { ...policy, profiles, environment: { ...policy.environment, renewalAnyTime: true } };
}

/** The rule or reason of a refusal, or `accepted`. */
export function ruleOf(outcome: { readonly ok: boolean; readonly error?: unknown }): string {
  type Refusal = {
    readonly violations?: readonly { readonly rule: string }[];
    readonly rule?: string;
    readonly reason?: string;
  };
  const { violations, rule, reason } = (outcome.error ?? {}) as Refusal;
  return outcome.ok ? 'accepted' : (violations?.[0]?.rule ?? rule ?? reason ?? JSON.stringify(outcome.error));
}

type OpenStore = (options: { readonly clock: () => number }) => Promise<Store>;

/** `foreign`: SHA-256 hex of certificates on the card that nobody has made for it. */
type CardWord = {
  readonly by: CardKey;
  readonly id: string;
  readonly onCard?: readonly CardKey[];
  readonly foreign?: readonly string[];
};

/** What one call finds otherwise than the bench has it. */
type WorldChanges = Partial<Pick<World & ProofWorld, 'store' | 'policy' | 'blockedKeys' | 'log'>>;

export type UpdateBench = Awaited<ReturnType<typeof createUpdateBench>>;

export async function createUpdateBench(opened: OpenStore, policy: Policy = anyTimePolicy()) {
  const time = { now: NOW };
  const bench = await createBench({ store: await opened({ clock: () => time.now }), time, policy });
  const worldOf = (changed: WorldChanges = {}) => ({ ...bench.world, platformKey: { id: PLATFORM }, ...changed });

  function tryToIssue(identity: Identity, keys: readonly [HolderKey, HolderKey] = [makeKey(), makeKey()]) {
    const body: CardRequestBody = {
      holder: professional(1) as unknown as CardRequestBody['holder'],
      card: { tokenId: CARD, product: 'cps' },
      identity,
      requests: [AUTHENTICATION, SIGNATURE].map((profile, at) => ({
        profile,
        csr: makeCsr(keys[at === 0 ? 0 : 1]),
        keyOrigin: 'card',
      })),
    };
    const command = { account: CARD_MANAGEMENT, applications: applicationsOf(body), idempotency: null };
    return issueCertificates(bench.world, command);
  }

  async function issueSet(identity: Identity = IDENTITY): Promise<readonly [CardKey, CardKey]> {
    const keys = [makeKey(), makeKey()] as const;
    const issued = unwrap(await tryToIssue(identity, keys));
    const certified = (at: 0 | 1): CardKey => ({ key: keys[at], record: present(issued[at], 'a certificate') });
    return [certified(0), certified(1)];
  }

  const hashOf = ({ record }: CardKey): string => {
    const { signatureAlgorithm } = present(bench.world.issuers.byId(record.issuer) ?? undefined, 'its issuer');
    return sha256Of(
      assembleCertificate(record.tbs, signatureAlgorithm, present(record.signature ?? undefined, 'signed')),
    );
  };

  const proofOf = ({ key, record }: CardKey, members: object) => {
    const at = formatInstant(time.now);
    const head = { form: 'pfcng-card-statement-1', environment: 'development', platform: PLATFORM, card: CARD, at };
    return proofBy(key.privateKey, { ...head, ...members }, record.id);
  };

  async function begin(
    by: CardKey,
    profiles: readonly string[],
    { identity = null, ...changed }: WorldChanges & { readonly identity?: Identity | null } = {},
  ) {
    const keys = profiles.map(() => makeKey());
    const requests = profiles.map((profile, at) => ({
      profile,
      csr: makeCsr(present(keys[at], 'a key')),
      keyOrigin: 'card' as const,
    }));
    const stated = requests.map(({ profile, csr }) => ({
      profile,
      csrSha256: sha256Of(present(fromPem(csr)[0], csr)),
    }));
    const begun = await beginUpdate(worldOf(changed), {
      account: CARD_MANAGEMENT,
      cardTokenId: CARD,
      requests,
      identity,
      proof: proofOf(by, { verb: 'begin', requests: stated, onCard: [] }),
      capabilities: { ...CAPABILITIES },
      channel: 'none',
      reader: 'Reader 5',
      middleware: 'CryptoLib 5.1',
      route: 'begin',
      idempotency: null,
    });
    if (!begun.ok) return begun;
    const fresh = keys.map((key, at) => ({ key, record: present(begun.value.certificates[at], 'a certificate') }));
    return { ok: true, value: { id: begun.value.update.id, replaces: begun.value.update.oldIds, fresh } } as const;
  }

  function tell(
    verb: UpdateStatementVerb,
    { by, id, onCard = [], foreign = [] }: CardWord,
    changed: WorldChanges = {},
  ): ReturnType<typeof acceptStatement> {
    const proof = proofOf(by, { verb, update: id, onCard: [...onCard.map(hashOf), ...foreign] });
    const name = { cardTokenId: CARD, id };
    return acceptStatement(worldOf(changed), { account: CARD_MANAGEMENT, name, verb, proof });
  }

  /** Does this after the statement was verified, and before it takes effect. */
  const justBefore = (change: () => Promise<unknown>): Store => {
    const { store } = bench;
    const groupedTransaction: Store['groupedTransaction'] = async (...work) => {
      await change();
      return store.groupedTransaction(...work);
    };
    return { ...store, groupedTransaction };
  };

  const revoke = async ({ record }: CardKey, reason: RevocationReason = 'superseded') =>
    unwrap(await revokeCertificate(bench.world, record.id, { account: OFFICER, reason, invalidityDate: null }));

  const pass = async (ms: number): Promise<void> => {
    time.now += ms;
    unwrap(await workDueUpdates(bench.world));
  };

  /** Two officers decide the update, of which the card has said nothing in time. */
  async function decide(id: string, outcome: 'confirmed' | 'abandoned'): Promise<void> {
    await pass(4 * DAY_MS);
    const subject = { update: id, outcome, reason: 'its holder was asked' } as const;
    const officers = ['officer-1', 'officer-2'] as const;
    unwrap(
      await bench.store.transaction(async (tx) => {
        const { execute } = unwrap(await decideUpdate.prepare(bench.world, tx, subject));
        await execute({ approval: 'of-both', officers, now: time.now, at: time.now });
      }),
    );
  }

  return { ...bench, tryToIssue, issueSet, begin, tell, justBefore, revoke, pass, decide } as const;
}
