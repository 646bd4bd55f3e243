/**
 * The counts of issuances and revocations that a job keeps. Without these tests, a crash of the job
 * could count a day twice, or leave certificates out for good.
 */
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { AuditEvent } from '../../../src/audit/events.js';
import { countCertificates } from '../../../src/compose/metrics/certificate-metrics.js';
import { countCertificatesByDayJob } from '../../../src/jobs/daily-counts.js';
import { present } from '../../../src/kernel/assert.js';
import { HOUR_MS } from '../../../src/kernel/duration.js';
import { err } from '../../../src/kernel/result.js';
import { createMetrics } from '../../../src/observe/metrics.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { Store } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { rawDatabase } from '../../support/db/raw.js';
import { DAY_MS, intent, issuedEventOf, NOW, OTHER_ISSUER } from '../../support/db/records.js';
import { sharedWorldOf, workDue } from '../../support/job-run.js';
import { testPolicy } from '../../unit/policy/fixtures.js';

const REASONS = ['superseded', 'keyCompromise', 'unspecified'] as const;

type Step =
  | { readonly kind: 'issue'; readonly day: number; readonly profile: string; readonly other: boolean }
  | { readonly kind: 'revoke'; readonly day: number; readonly which: number; readonly reason: (typeof REASONS)[number] }
  | { readonly kind: 'give-up'; readonly day: number }
  | { readonly kind: 'count'; readonly fails: 'never' | 'before' | 'after'; readonly call: number };

/** The clocks of nodes differ, so the days of the entries do not ascend. */
const day = fc.integer({ min: -2, max: 2 });
const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    fc.record({
      kind: fc.constant('issue' as const),
      day,
      profile: fc.constantFrom('fort/cps-signature', 'fort/cps-authentication'),
      other: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('revoke' as const), day, which: fc.nat(), reason: fc.constantFrom(...REASONS) }),
    fc.record({ kind: fc.constant('give-up' as const), day }),
    fc.record({
      kind: fc.constant('count' as const),
      fails: fc.constantFrom('never' as const, 'before' as const, 'after' as const),
      call: fc.nat({ max: 4 }),
    }),
  ),
  { minLength: 10, maxLength: 40 },
);

/** A store of which one transaction fails, before or after it took effect. */
function failing(store: Store, { fails, call }: Extract<Step, { readonly kind: 'count' }>): Store {
  let calls = 0;
  const failure = err({ kind: 'database-unavailable' as const, detail: 'a test', retryAfterMs: 1 });
  return {
    ...store,
    transaction: async (work) => {
      const isIt = calls === call && fails !== 'never';
      calls += 1;
      if (isIt && fails === 'before') return failure;
      const done = await store.transaction(work);
      return isIt ? failure : done;
    },
  };
}

describeOnEach('the counts of days', ({ fresh, opened }) => {
  it('are those of a new count of the whole audit log, whatever fails while they are kept', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        let now = NOW;
        const store = await opened({ clock: () => now });
        const live: CertificateRecord[] = [];
        const all = new Map<string, CertificateRecord>();
        let number = 0;
        const count = async (of: Store): Promise<void> => {
          now += HOUR_MS;
          await workDue(
            countCertificatesByDayJob,
            { store: of, certificatesCounted: () => undefined },
            sharedWorldOf(of),
          );
        };
        for (const step of taken) {
          if (step.kind === 'count') await count(failing(store, step)).catch(() => undefined);
          else if (step.kind === 'revoke') {
            const [record] = live.splice(step.which % Math.max(1, live.length), 1);
            if (record !== undefined) await revoke(store, record, { at: NOW + step.day * DAY_MS, reason: step.reason });
          } else {
            number += 1;
            const from = step.kind === 'issue' ? { profile: step.profile } : {};
            const issuer = step.kind === 'issue' && step.other ? { issuer: OTHER_ISSUER } : {};
            const record = intent(number, { createdAt: NOW + step.day * DAY_MS, ...from, ...issuer });
            all.set(record.id, record);
            await issue(store, record, step.kind === 'issue');
            if (step.kind === 'issue') live.push(record);
          }
        }
        await count(store);
        await count(store);
        const stored = unwrap(await store.read((reads) => reads.dailyCounts({ from: 0, to: 30_000 })));
        assert.deepEqual(
          stored.map((one) => `${one.day} ${one.issuer} ${one.profile} ${one.kind} ${one.count}`).sort(),
          await recounted(store, all),
        );
      }),
      { numRuns: 12 },
    );
  });

  it('are added to the metrics of the process that counts', async () => {
    const store = await opened();
    const metrics = createMetrics();
    const certificatesCounted = countCertificates(testPolicy(), metrics);
    const [first, second] = [intent(1), intent(2)];
    await issue(store, first, true);
    await workDue(countCertificatesByDayJob, { store, certificatesCounted }, sharedWorldOf(store));
    await issue(store, second, true);
    await issue(store, intent(3), false);
    await revoke(store, second, { at: NOW, reason: 'keyCompromise' });
    await workDue(countCertificatesByDayJob, { store, certificatesCounted }, sharedWorldOf(store));
    const text = await metrics.registry.metrics();
    const counted = text.split('\n').filter((line) => /^pfcng_certificates_.* [1-9]\d*$/.test(line));
    assert.deepEqual(counted, [
      `pfcng_certificates_issued_total{issuer="${first.issuer}",profile="${first.profile}"} 2`,
      `pfcng_certificates_revoked_total{issuer="${first.issuer}",reason="keyCompromise"} 1`,
    ]);
    const none = /^pfcng_certificates_revoked_total\{issuer="aci-el-org",reason="superseded"\} 0$/m;
    assert.match(text, none, 'Prometheus sees no increase in a first value');
  });

  it('take no lease while there is no new entry', async () => {
    const store = await opened();
    const run = () =>
      workDue(countCertificatesByDayJob, { store, certificatesCounted: () => undefined }, sharedWorldOf(store));
    assert.equal((await run()).length, 0);
    await issue(store, intent(1), true);
    assert.deepEqual(await run(), ['done']);
    assert.equal((await run()).length, 0);
  });

  it('cannot be lowered, moved or deleted by SQL', async () => {
    const database = await fresh();
    const store = await opened({ database });
    await issue(store, intent(1), true);
    await workDue(countCertificatesByDayJob, { store, certificatesCounted: () => undefined }, sharedWorldOf(store));
    const raw = await rawDatabase(database);
    for (const sql of [
      'delete from daily_counts',
      'update daily_counts set count = count',
      'update daily_counts set day = day + 1, count = count + 1',
      `update daily_counts set profile = 'x', count = count + 1`,
    ])
      await assert.rejects(raw.all(sql), /guard: daily_counts/, sql);
    await assert.rejects(raw.all(`insert into daily_counts values (1, 'a', 'b', 'lost', 1)`), /daily_counts_kind/);
    await raw.close();
  });
});

/** An intent that gets its signature, or is given up. */
async function issue(store: Store, record: CertificateRecord, isSigned: boolean): Promise<void> {
  const { id, issuer, serial, createdAt: at } = record;
  unwrap(
    await store.transaction(async (tx) => {
      await tx.insertIntents([{ record, intentSeq: 1 }]);
      if (isSigned) {
        const [issuedSeq = 0] = await tx.appendAudit([issuedEventOf(record)]);
        return tx.storeSignatures([{ id, signature: Uint8Array.of(1), issuedSeq }]);
      }
      const given: AuditEvent = { at, type: 'certificate.abandoned', actor: 'system', details: { id, issuer, serial } };
      const [auditSeq = 0] = await tx.appendAudit([given]);
      const state = { status: 'revoked', at, reason: 'unspecified', invalidityDate: null } as const;
      await tx.setState(id, state, { at, actor: 'system', auditSeq });
    }),
  );
}

async function revoke(
  store: Store,
  { id, issuer, serial }: CertificateRecord,
  { at, reason }: { readonly at: number; readonly reason: (typeof REASONS)[number] },
): Promise<void> {
  const state = { status: 'revoked', at, reason, invalidityDate: null } as const;
  unwrap(
    await store.transaction(async (tx) => {
      const details = { id, issuer, serial, state };
      const [auditSeq = 0] = await tx.appendAudit([{ at, type: 'certificate.revoked', actor: 'system', details }]);
      await tx.setState(id, state, { at, actor: 'system', auditSeq });
    }),
  );
}

type Entry = {
  readonly type: string;
  readonly at: string;
  readonly details: { readonly id: string; readonly state?: { readonly reason: string } };
};

/** Counts the entries themselves, one after the other. */
async function recounted(store: Store, all: ReadonlyMap<string, CertificateRecord>): Promise<readonly string[]> {
  const entries = unwrap(await store.read((reads) => reads.auditEntries({ from: 1, limit: 10_000 })));
  const counts = new Map<string, number>();
  for (const { bytes } of entries) {
    const { type, at, details } = JSON.parse(new TextDecoder().decode(bytes)) as Entry;
    if (type !== 'certificate.issued' && type !== 'certificate.revoked') continue;
    const { issuer, profile } = present(all.get(details.id), 'a certificate of the test');
    const kind = type === 'certificate.issued' ? 'issued' : details.state?.reason;
    const name = `${Math.floor(Date.parse(at) / DAY_MS)} ${issuer} ${profile} ${kind}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).sort();
}
