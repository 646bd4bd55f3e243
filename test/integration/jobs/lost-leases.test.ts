/**
 * Each job that nodes share loses its lease during its work. Without this test, a job could write
 * past its lease, and two nodes would store different results of one piece of work.
 */
import assert from 'node:assert/strict';
import { openJournal } from '../../../hsm/signer/journal.js';
import { JOBS } from '../../../src/compose/jobs.js';
import type { SharedJob, SharedWork } from '../../../src/jobs/job.js';
import { createCrlPublication } from '../../../src/jobs/lists/crl-publication.js';
import { createPublishByWorker } from '../../../src/jobs/lists/list-requests.js';
import { createOutletDelivery } from '../../../src/jobs/lists/outlets.js';
import { createSelfCheck } from '../../../src/jobs/lists/self-check.js';
import { type AttemptEnd, runAttempt } from '../../../src/jobs/runner/attempt.js';
import { findDue } from '../../../src/jobs/runner/shared-job.js';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { err, ok } from '../../../src/kernel/result.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import type { RunId } from '../../../src/ports/node.js';
import type { CrlRecord } from '../../../src/ports/store/crls.js';
import type { Store } from '../../../src/ports/store.js';
import { createTheatre, type Slot, type Theatre } from '../../fault/ports/places.js';
import { SCENARIOS } from '../../fault/ports/scenarios/all.js';
import { platformKeyOfStage } from '../../fault/ports/scenarios/order-files.js';
import { createService, idsOf, orderPartsOf, type Service } from '../../fault/ports/service.js';
import { cmpTransaction } from '../../support/cmp/transactions.js';
import { cleanUp, temporaryFolder, unwrap } from '../../support/db/fixture.js';
import { NOW } from '../../support/db/records.js';
import { JOB_RUN, sharedWorldOf } from '../../support/job-run.js';
import { orderRecord } from '../../support/orders/records.js';
import { SILENT_LOG } from '../../support/status/authority.js';
import { updateRow } from '../../support/updates/update-rows.js';

type SharedName = {
  [Name in keyof typeof JOBS]: (typeof JOBS)[Name] extends SharedJob<never> ? Name : never;
}[keyof typeof JOBS];

const LATER = NOW + 400 * DAY_MS;

/** What happened before the work of a job, as in the tests of failing port calls. */
async function happened(service: Service, name: string): Promise<void> {
  const scenario = present(
    SCENARIOS.find((one) => one.name.startsWith(name)),
    name,
  );
  await scenario.before?.(service);
}

async function journalWith(kind: 'certificate' | 'ocsp'): Promise<string> {
  const folder = temporaryFolder();
  const { journal } = unwrap(await openJournal(folder));
  const event =
    kind === 'ocsp'
      ? ({ kind, issuer: 'aci-fo-pp', sha256: 'a'.repeat(64) } as const)
      : ({ kind: 'refused', issuer: null, asked: null, rule: 'frame-type', sha256: null } as const);
  unwrap(await journal.append({ at: NOW, steadyAt: null, event }));
  await journal.close();
  return folder;
}

const DOWN = { kind: 'outlet-unavailable', detail: 'a test' } as const;

const WEBHOOKS = {
  endpoints: [{ name: 'cards', url: 'https://cards.example.org/', topics: ['certificate.*'], accounts: null }],
  openSender: () => ({ send: async () => ({ status: 204, error: null, retryAfterMs: null }), close: () => undefined }),
  counted: () => undefined,
  wake: () => undefined,
} as const;

/** For each job, its work with something to write; null: its work writes nothing. */
const WORKS = {
  'approvals-expire': async (service) => {
    await happened(service, 'end approvals that nobody has decided');
    return JOBS['approvals-expire'].prepare(service.bare);
  },
  'campaign-dates': async (service) => {
    await happened(service, 'suspend the cards of a campaign');
    return JOBS['campaign-dates'].prepare(service.bare);
  },
  'campaign-population': async (service) => {
    await happened(service, 'write the population of a campaign');
    return JOBS['campaign-population'].prepare(service.bare);
  },
  crl: async ({ bare }) => {
    const clock = () => LATER;
    const crls = createCrlPublication({
      ...bare,
      clock,
      steadyMs: () => 0,
      publish: (store, id, kind) => publishCrl({ ...bare, clock, store }, id, kind),
      beginPublication: () => () => undefined,
      wake: () => undefined,
    });
    return JOBS.crl.prepare({ crls });
  },
  'cmp-transactions': async ({ bare }) => {
    const waiting = cmpTransaction(1, { begunAt: NOW - 9 * DAY_MS, waitUntil: NOW - DAY_MS });
    unwrap(await bare.store.transaction((tx) => tx.insertCmpTransactions([waiting])));
    return JOBS['cmp-transactions'].prepare(bare);
  },
  'daily-counts': async ({ bare }) => JOBS['daily-counts'].prepare({ ...bare, certificatesCounted: () => undefined }),
  expiring: async () => JOBS.expiring.prepare({}),
  horizons: async () => null,
  'idempotency-retention': async ({ bare }) => {
    const claim = { account: 'card-management', route: 'POST /v1/certificates', key: 'old' };
    unwrap(
      await bare.store.transaction(async (tx) => {
        await tx.claimIdempotency([{ claim, bodySha256: 'b'.repeat(64) }], NOW - 31 * DAY_MS);
        await tx.finishClaims([{ claim, result: null }]);
      }),
    );
    return JOBS['idempotency-retention'].prepare({});
  },
  'issuance-minutes': async () => JOBS['issuance-minutes'].prepare({}),
  journal: async ({ bare }) => {
    const journals = [{ token: 'ca-fort', kind: 'ca', folder: await journalWith('certificate') } as const];
    return JOBS.journal.prepare({ ...bare, journals });
  },
  'journal-counts': async ({ bare }) => {
    // The signatures of the stage are in no journal that was compared.
    return JOBS['journal-counts'].prepare({ ...bare, clock: () => NOW + 2 * DAY_MS });
  },
  'list-requests': async ({ bare, stage }) => {
    const { issuer } = present(stage.authorities[0], 'an authority of the stage');
    await createPublishByWorker({ ...bare, steadyMs: () => Number.POSITIVE_INFINITY })(issuer.id);
    return JOBS['list-requests'].prepare({ crls: { publishNow: async () => ok({} as CrlRecord) } });
  },
  'mass-revocation': async (service) => {
    await happened(service, 'work off a mass revocation');
    return JOBS['mass-revocation'].prepare(service.bare);
  },
  'ocsp-audit': async ({ bare }) => {
    const ocspJournals = [{ token: 'ocsp-fort', kind: 'ocsp', folder: await journalWith('ocsp') } as const];
    return JOBS['ocsp-audit'].prepare({ ...bare, ocspJournals });
  },
  order: async (service) => {
    await happened(service, 'work off an order');
    return JOBS.order.prepare(orderPartsOf(service.bare));
  },
  'order-end': async (service) => {
    await happened(service, 'end an order, and have its receipt signed');
    return JOBS['order-end'].prepare({ ...service.bare, platformKey: platformKeyOfStage(service) });
  },
  'order-parts': async ({ bare }) => {
    const order = orderRecord(1, { state: 'discarded', finishedAt: NOW });
    const part = { orderId: order.id, part: 1, firstLine: 1, lastLine: 1, records: Uint8Array.of(1) };
    unwrap(
      await bare.store.transaction(async (tx) => {
        await tx.insertOrder(order);
        await tx.insertPart(part);
      }),
    );
    return JOBS['order-parts'].prepare({});
  },
  registrations: async (service) => {
    await happened(service, 'write that a registration has ended');
    return JOBS.registrations.prepare(service.bare);
  },
  'replacements-due': async (service) => {
    await happened(service, 'end a replacement');
    return JOBS['replacements-due'].prepare(service.bare);
  },
  'outbox-retention': async ({ bare }) => {
    const event = {
      topic: 'crl.published',
      subject: 'aci-fo-pp',
      account: null,
      at: NOW - 31 * DAY_MS,
      data: {},
    } as const;
    unwrap(await bare.store.transaction((tx) => tx.publish([event])));
    return JOBS['outbox-retention'].prepare({ webhooks: { endpoints: [] } });
  },
  outlet: async () => {
    const outlet = { name: 'web', takes: () => true, open: async () => err(DOWN) };
    const world = { clock: () => NOW, log: SILENT_LOG, issuerOf: () => null, published: async () => ok([]) };
    return JOBS.outlet.prepare({ outlets: createOutletDelivery(world, [{ outlet, source: () => [] }]) });
  },
  'recover-intents': async (service) => {
    await happened(service, 'recover what a request under a key left open');
    const { bare } = service;
    unwrap(await bare.store.transaction((tx) => tx.endRun(bare.run, { at: NOW, reason: 'stopped' })));
    return JOBS['recover-intents'].prepare({ ...bare, run: JOB_RUN });
  },
  'responder-renewal': async ({ bare, stage }) => {
    const { issuer, responder } = present(stage.authorities[0], 'an authority of the stage');
    const responders = {
      all: () => [{ issuer, responder }],
      adoptNewest: async () => responder,
      replace: async () => undefined,
      adopt: async () => undefined,
      authorities: () => [],
    };
    return JOBS['responder-renewal'].prepare({ ...bare, clock: () => LATER, responders });
  },
  'self-check': async ({ stage }) => {
    const { issuer } = present(stage.authorities[0], 'an authority of the stage');
    const selfCheck = createSelfCheck({
      clock: () => NOW,
      log: SILENT_LOG,
      addresses: () => [{ kind: 'authority', address: 'http://gone', issuer }],
      latest: async () => null,
      newest: async () => null,
      fetchPublic: async () => err(DOWN),
      pause: async () => undefined,
    });
    let steady = 0;
    // The process has served for long enough at the second question.
    const steadyMs = (): number => {
      steady += 10_000;
      return steady;
    };
    return JOBS['self-check'].prepare({ selfCheck, selfCheckSeconds: 1, steadyMs });
  },
  'updates-due': async ({ bare }) => {
    const due = updateRow(1, { state: 'offered', offeredAt: NOW, dueAt: NOW });
    unwrap(await bare.store.transaction((tx) => tx.insertUpdates([due])));
    return JOBS['updates-due'].prepare(bare);
  },
  'webhook-fan-out': async ({ bare }) => {
    unwrap(await bare.store.transaction((tx) => tx.setWebhookCursor('cards', 0)));
    return JOBS['webhook-fan-out'].prepare({ webhooks: WEBHOOKS });
  },
  'webhook-send': async (service) => {
    const { bare } = service;
    const [event] = unwrap(await bare.store.read((reads) => reads.eventsAfter({ after: 0, limit: 1 })));
    const { id, subject } = present(event, 'an event of the stage');
    const delivery = { endpoint: 'cards', event: id, subject, nextAt: NOW };
    unwrap(await bare.store.transaction((tx) => tx.insertDeliveries([delivery])));
    return JOBS['webhook-send'].prepare({ ...bare, platformKey: platformKeyOfStage(service), webhooks: WEBHOOKS });
  },
} as const satisfies { readonly [Name in SharedName]: (service: Service) => Promise<SharedWork | null> };

describe('a lost lease', function lostLeases() {
  let theatre: Theatre;
  let slot: Slot;
  before(async () => {
    theatre = await createTheatre('sqlite', 1);
    slot = present(theatre.slots[0], 'a place');
  });
  after(async () => {
    await theatre.close();
  });
  afterEach(cleanUp);

  /** All rows, without those of the runner. */
  const stored = async (): Promise<unknown> => {
    const raw = await slot.raw();
    const tables = await raw.all("select name from sqlite_master where type = 'table' order by name");
    const rows: Record<string, unknown> = {};
    for (const { name } of tables as readonly { readonly name: string }[])
      if (name !== 'leases' && name !== 'jobs') rows[name] = await raw.all(`select * from "${name}"`);
    const cursors = await raw.all('select name, item, cursor from jobs where cursor is not null');
    return { ...rows, cursors };
  };
  const takeByAnother = async (): Promise<void> => {
    const raw = await slot.raw();
    await raw.all("update leases set holder = 'another', fencing_token = fencing_token + 1 returning name");
  };

  /** Its lease is lost at the first transaction for which this is true. */
  const losingStore = (store: Store, isNow: () => boolean): { store: Store; losses: () => number } => {
    let losses = 0;
    const transaction: Store['transaction'] = async (work) => {
      if (losses === 0 && isNow()) {
        losses += 1;
        await takeByAnother();
      }
      return store.transaction(work);
    };
    return { store: { ...store, transaction }, losses: () => losses };
  };

  it('lets the client of a list on demand retry, and leaves nothing of the list', async () => {
    await slot.reset('stage');
    const store = await slot.open('failing');
    try {
      const { stage } = theatre;
      const { bare } = createService({ stage, place: slot.place, store, witness: slot.raw, tap: null, now: NOW });
      const { issuer } = present(stage.authorities[0], 'an authority of the stage');
      let isMaking = false;
      const losing = losingStore(store, () => isMaking);
      const crls = createCrlPublication({
        ...bare,
        store: losing.store,
        steadyMs: () => 0,
        publish: (leased, id, kind) => {
          isMaking = true;
          return publishCrl({ ...bare, store: leased }, id, kind);
        },
        beginPublication: () => () => undefined,
        wake: () => undefined,
      });
      const before = await stored();
      const answer = await crls.publishNow(issuer.id);
      assert.equal(losing.losses(), 1);
      assert.equal(answer.ok ? null : answer.error.kind, 'database-unavailable');
      assert.deepEqual(await stored(), before);
    } finally {
      await slot.leave();
    }
  });

  for (const [name, makeWork] of Object.entries(WORKS))
    it(`leaves nothing of the work of ${name} in the database`, async () => {
      await slot.reset('stage');
      const store = await slot.open('failing');
      try {
        const { stage } = theatre;
        const service = createService({ stage, place: slot.place, store, witness: slot.raw, tap: null, now: NOW });
        for (const [one, id] of idsOf(slot.place)) service.ids.set(one, id);
        const work = await makeWork(service);
        if (work === null) return;
        const job = JOBS[name as SharedName];
        const before = await stored();
        let hasBegun = false;
        const losing = losingStore(store, () => hasBegun);
        const world = sharedWorldOf(losing.store, { run: '1'.repeat(32) as RunId, steadyMs: () => 0 });
        const prepared = { job, work, everyMs: job.everyMs };
        const [due] = unwrap(await findDue(world, prepared, new Set()));
        const item = present(due, `${name} has something to do`).item;
        const begun = (): void => {
          hasBegun = true;
        };
        const end: AttemptEnd = await runAttempt(world, prepared, {
          item,
          woken: true,
          isStopping: () => false,
          begun,
        });
        assert.equal(losing.losses(), 1, 'the work has a transaction');
        assert.equal(end, 'lost');
        assert.deepEqual(await stored(), before);
      } finally {
        await slot.leave();
      }
    });
});
