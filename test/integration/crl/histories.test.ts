/**
 * Any history of revocations, suspensions, releases, expiries and publications, with clocks that
 * are set and signers that are unavailable: the status from full and delta CRLs is the status in
 * the database.
 */
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { RevocationReason, StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import {
  completed,
  createHistories,
  fullNow,
  type Histories,
  type KeptList,
  sorted,
} from '../../support/crl/histories.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { certify, DAY_MS, intent, NOW } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setState } from '../../support/db/unaudited.js';
import { createStatusAuthority, type StatusAuthority } from '../../support/status/authority.js';

const HOUR_MS = DAY_MS / 24;
/** Some certificates expire at once, some in the middle, some never. */
const ENDS = [HOUR_MS, DAY_MS, 2 * DAY_MS, 4 * DAY_MS, 8 * DAY_MS, 900 * DAY_MS, 900 * DAY_MS];
const CERTIFICATES = ENDS.length;
const RUNS = Number(process.env.PFCNG_CRL_HISTORIES ?? 10);

type Step =
  | { readonly do: 'revoke'; readonly which: number; readonly reason: Exclude<RevocationReason, 'certificateHold'> }
  | { readonly do: 'hold' | 'release'; readonly which: number }
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'publish'; readonly kind: 'full' | 'delta' }
  | { readonly do: 'publish-both-at-once' }
  | { readonly do: 'publish-in-vain' };

const which = fc.nat({ max: CERTIFICATES - 1 });
const STEP: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('revoke' as const), which, reason: reasons() }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('hold' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('release' as const), which }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: waits() }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('publish' as const), kind: fc.constantFrom('full', 'delta') }) },
  { weight: 1, arbitrary: fc.constant({ do: 'publish-both-at-once' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'publish-in-vain' as const }) },
);

function reasons() {
  return fc.constantFrom('unspecified', 'keyCompromise', 'superseded', 'privilegeWithdrawn');
}

/** Steps of minutes, hours, days, and back. */
function waits() {
  return fc.constantFrom(0, 60_000, HOUR_MS, 11 * HOUR_MS, DAY_MS, 3 * DAY_MS, -30_000, -2 * HOUR_MS, -5 * DAY_MS);
}

const revoke = (which: number): Step => ({ do: 'revoke', which, reason: 'keyCompromise' });
const wait = (ms: number): Step => ({ do: 'wait', ms });
const FULL: Step = { do: 'publish', kind: 'full' };
const DELTA: Step = { do: 'publish', kind: 'delta' };

/** What chance seldom comes by; each in an authority without partitions and in one with two. */
const EXAMPLES: readonly (readonly Step[])[] = [
  // Listed for the last time in the base, after it expired.
  [revoke(0), revoke(5), wait(3 * DAY_MS), FULL, wait(HOUR_MS), DELTA, wait(HOUR_MS), FULL, DELTA],
  // Revoked while the clock was behind, and expired when the clock is correct again.
  [FULL, wait(3 * DAY_MS), wait(3 * DAY_MS), FULL, wait(-5 * DAY_MS), revoke(2), wait(6 * DAY_MS), DELTA, FULL, DELTA],
  // A CRL from the future, made while the clock was ahead: entries that it omits come back.
  [revoke(4), FULL, wait(90 * DAY_MS), FULL, wait(HOUR_MS), FULL, wait(-90 * DAY_MS), DELTA, FULL, DELTA],
  // Suspended and released between two CRLs, and again.
  [{ do: 'hold', which: 5 }, FULL, { do: 'release', which: 5 }, DELTA, { do: 'hold', which: 5 }, DELTA, FULL, DELTA],
];

type RunningHistory = {
  readonly store: Store;
  readonly histories: Histories;
  readonly records: readonly CertificateRecord[];
};

/** Executes the step if the lifecycle allows it. */
async function change(
  { store, histories, records }: RunningHistory,
  step: Extract<Step, { which: number }>,
): Promise<void> {
  const { now: at } = histories;
  const record = records[step.which];
  assert.ok(record !== undefined);
  unwrap(
    await store.transaction(async (tx) => {
      const { state } = (await tx.lockCertificate(record.id)) ?? record;
      const next = stateAfter(state, step, at);
      if (next !== null) await setState(tx, record.id, [next, { at, actor: 'account:officer-1' }]);
    }),
  );
}

function stateAfter(state: StoredState, step: Extract<Step, { which: number }>, at: number): StoredState | null {
  switch (step.do) {
    case 'hold':
      return state.status === 'issued' ? { status: 'suspended', at, invalidityDate: null } : null;
    case 'release':
      return state.status === 'suspended' ? { status: 'issued' } : null;
    case 'revoke': {
      if (state.status === 'revoked') return null;
      const from = state.status === 'suspended' ? state.at : at;
      return { status: 'revoked', at: from, reason: step.reason, invalidityDate: null };
    }
  }
}

async function play(running: RunningHistory, step: Step): Promise<void> {
  const { histories } = running;
  const { world, issuer } = histories;
  switch (step.do) {
    case 'wait':
      histories.now += step.ms;
      return;
    case 'publish':
      unwrap(await publishCrl(world, issuer.id, step.kind));
      return;
    case 'publish-both-at-once': {
      const both = await Promise.all([publishCrl(world, issuer.id, 'delta'), publishCrl(world, issuer.id, 'full')]);
      for (const one of both) unwrap(one);
      return;
    }
    case 'publish-in-vain':
      histories.away = true;
      assert.equal((await publishCrl(world, issuer.id)).ok, false);
      histories.away = false;
      return;
    default:
      await change(running, step);
  }
}

const isDelta = ({ base }: KeptList): boolean => base !== null;

/** Compares each new CRL with all earlier ones, for each partition separately. */
async function judge({ histories }: RunningHistory, before: number): Promise<void> {
  const fresh = histories.lists.slice(before);
  for (const partition of new Set(fresh.map((list) => list.partition))) {
    const lists = histories.lists.filter((list) => list.partition === partition);
    await judgePart(histories, lists, lists.length - fresh.filter((list) => list.partition === partition).length);
  }
}

async function judgePart(histories: Histories, lists: readonly KeptList[], before: number): Promise<void> {
  for (const list of lists.slice(before)) {
    const earlier = lists.slice(0, lists.indexOf(list));
    for (const { number, thisUpdate, base } of earlier) {
      const shared =
        number === list.number && thisUpdate === list.thisUpdate && (base === null) !== (list.base === null);
      assert.ok(number < list.number || shared, `list ${list.number} after list ${number}`);
    }
  }
  const newest = lists.at(-1);
  if (newest === undefined) return;
  const truth = sorted(await fullNow(histories, newest));
  for (const list of lists.filter(({ number }) => number === newest.number)) {
    if (!isDelta(list)) assert.deepEqual(sorted(list.says), truth, `full list ${list.number}`);
    else {
      // RFC 5280 5.2.4: with its base, or with any later full CRL.
      const bases = lists.filter((full) => !isDelta(full) && full.number >= (list.base ?? 0));
      assert.ok(
        bases.some(({ number }) => number === list.base),
        'a base that was published',
      );
      for (const full of bases.filter(({ number }) => number < list.number))
        assert.deepEqual(sorted(completed(full.says, list.says)), truth, `${full.number} and delta ${list.number}`);
    }
  }
}

describeOnEach('lists of any history', ({ opened }) => {
  let authority: StatusAuthority;
  let histories = 0;
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));

  async function begin(store: Store, partitions: number): Promise<RunningHistory> {
    histories += 1;
    const generation = histories + 1;
    const records = Array.from({ length: CERTIFICATES }, (_, at) =>
      intent(generation * 100 + at, {
        issuer: `test-ca-${generation}` as CertificateRecord['issuer'],
        notAfter: NOW + (ENDS[at] ?? 0),
        // Some were issued before there were any.
        crlPartition: partitions === 0 || at === 3 ? null : at % partitions,
      }),
    );
    unwrap(
      await store.transaction(async (tx) => {
        for (const record of records) await certify(tx, record);
      }),
    );
    const crl = partitions === 0 ? {} : { partitions: { 'test-ca': partitions } };
    const running = { store, authority, generation, certificates: records, now: NOW, crl };
    return { store, records, histories: createHistories(running) };
  }

  it('every full CRL equals an earlier one plus a delta CRL; numbers increase and are unique', async function any() {
    this.timeout(Math.max(900_000, RUNS * 5_000));
    const store = await withRun(await opened());
    const anySteps = fc.array(STEP, { minLength: 6, maxLength: 24 });
    await fc.assert(
      fc.asyncProperty(anySteps, fc.constantFrom(0, 0, 2), async (steps, partitions) => {
        const running = await begin(store, partitions);
        try {
          for (const step of steps) {
            const before = running.histories.lists.length;
            await play(running, step);
            await judge(running, before);
          }
          await everyRevocationWasListed(running);
        } finally {
          rmSync(running.histories.folder, { recursive: true, force: true });
        }
      }),
      {
        numRuns: RUNS,
        examples: EXAMPLES.flatMap((steps): [Step[], number][] => [0, 2].map((parts) => [[...steps], parts])),
      },
    );
  });
});

/**
 * On a full list, with whatever reason it had then: also of a certificate that ended before the
 * next one.
 */
async function everyRevocationWasListed({ store, histories, records }: RunningHistory): Promise<void> {
  histories.now += DAY_MS / 2;
  unwrap(await publishCrl(histories.world, histories.issuer.id));
  const now = unwrap(await store.read((reads) => reads.certificatesByIds(records.map(({ id }) => id))));
  for (const { serial, state, crlPartition } of now)
    for (const partition of new Set([null, crlPartition])) {
      const full = histories.lists.filter((list) => !isDelta(list) && list.partition === partition);
      const wasListed = full.some(({ says }) => says.has(serial));
      if (state.status === 'revoked') assert.ok(wasListed, `${serial} was never listed in partition ${partition}`);
    }
}
