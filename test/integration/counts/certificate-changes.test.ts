/**
 * A system that follows the changes of certificates sees each of them once, in the order of the
 * audit log, whatever its pages are. Otherwise its copy would lack a revocation.
 */
import assert from 'node:assert/strict';
import { outOfScope, subjectOf } from '../../../src/access/decide.js';
import type { AccountScope } from '../../../src/ports/store/accounts.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store, Transaction } from '../../../src/ports/store.js';
import { describeOnEach, unwrap } from '../../support/db/fixture.js';
import { type ChangeHistory, EVERYTHING, follow } from '../../support/db/follower.js';
import { rawDatabase } from '../../support/db/raw.js';
import { idOf, intent, intentEventOf, issuedEventOf, NOW } from '../../support/db/records.js';

const REVOKED = { status: 'revoked', at: NOW, reason: 'superseded', invalidityDate: null } as const;
const SUSPENDED = { status: 'suspended', at: NOW, invalidityDate: null } as const;
const OFFICER = { at: NOW, actor: 'account:officer-1' };
/** One more than the rows that are examined for a page, and one page. */
const MANY = 10_050;

/** Writes an entry and returns its number. */
async function entry(tx: Transaction, record: CertificateRecord): Promise<number> {
  const [seq = 0] = await tx.appendAudit([issuedEventOf(record)]);
  return seq;
}

async function begin(tx: Transaction, record: CertificateRecord): Promise<void> {
  const [intentSeq = 0] = await tx.appendAudit([intentEventOf(record)]);
  await tx.insertIntents([{ record, intentSeq }]);
}

async function issue(tx: Transaction, record: CertificateRecord): Promise<void> {
  await begin(tx, record);
  await tx.storeSignatures([{ id: record.id, signature: Uint8Array.of(1), issuedSeq: await entry(tx, record) }]);
}

async function change(tx: Transaction, record: CertificateRecord, state: StoredState): Promise<void> {
  await tx.setState(record.id, state, { ...OFFICER, auditSeq: await entry(tx, record) });
}

const server = (names: readonly string[]): Partial<CertificateRecord> => ({
  profile: 'elementaire/serv-ssl',
  structureId: '10B1',
  holder: { kind: 'server', names, emails: [] },
  holderId: names[0] ?? '',
});

const RECORDS = [
  intent(1),
  intent(2, { becomes: 'pending', updateId: 'update-1' }),
  intent(3, { becomes: 'pending', updateId: 'update-1', ...server(['lps.example.org']) }),
  intent(4, { ...server(['www.example.org', 'www.example.net']) }),
  intent(5, { holderId: '30B1/A', structureId: '10B2' }),
] as const;

/** What happens in the audit log of the tests, as number of the certificate, kind and state. */
const HAPPENS = [
  '1 issuance issued',
  '2 issuance pending',
  '3 issuance pending',
  '1 status suspended',
  // One entry confirms both.
  '2 status issued',
  '3 status issued',
  '4 issuance issued',
  '1 status issued',
  '5 issuance issued',
  '1 status revoked superseded',
];

async function happen(store: Store): Promise<void> {
  const [first, second, third, fourth, fifth] = RECORDS;
  const steps: readonly ((tx: Transaction) => Promise<void>)[] = [
    (tx) => issue(tx, first),
    async (tx) => {
      await issue(tx, second);
      await issue(tx, third);
    },
    (tx) => change(tx, first, SUSPENDED),
    async (tx) => {
      // An intent that is given up is no certificate.
      await begin(tx, intent(6));
      await change(tx, intent(6), REVOKED);
    },
    async (tx) => {
      const auditSeq = await entry(tx, second);
      await tx.confirmCertificates([second, third].map(({ id, issuer }) => ({ id, issuer, auditSeq, ...OFFICER })));
    },
    (tx) => issue(tx, fourth),
    (tx) => change(tx, first, { status: 'issued' }),
    (tx) => issue(tx, fifth),
    (tx) => change(tx, first, REVOKED),
    // The log goes on with what is no change of a certificate.
    (tx) => begin(tx, intent(7)),
  ];
  for (const step of steps) unwrap(await store.transaction(step));
}

const shown = ({ changes }: Pick<ChangeHistory, 'changes'>): readonly string[] =>
  changes.map(({ certificate, kind, state }) => {
    const reason = state.status === 'revoked' ? [state.reason] : [];
    return [Number(`0x${certificate.id.slice(-4)}`), kind, state.status, ...reason].join(' ');
  });

describeOnEach('the changes of certificates', ({ kind, fresh, opened }) => {
  it('come once each, in the order of the audit log, on pages of every size, and after a restart', async () => {
    const database = await fresh();
    const store = await opened({ database });
    await happen(store);
    const whole = await follow(store);
    assert.deepEqual(shown(whole), HAPPENS);
    const seqs = whole.changes.map(({ seq }) => seq);
    assert.deepEqual(
      seqs,
      seqs.toSorted((one, other) => one - other),
    );
    assert.equal(new Set(seqs).size, HAPPENS.length - 1, 'only the confirmation has an entry for two');
    assert.deepEqual(
      whole.changes.map(({ certificate }) => certificate.state.status),
      HAPPENS.map((one) => (one.startsWith('1 ') ? 'revoked' : 'issued')),
      'each with its certificate as it is now',
    );
    const head = unwrap(await store.read((reads) => reads.auditHead())).seq;
    assert.equal(whole.next, head);
    await store.close();

    const again = await opened({ database });
    for (let limit = 1; limit <= HAPPENS.length + 1; limit += 1)
      assert.deepEqual(shown(await follow(again, { limit })), HAPPENS, `${limit} a page`);
    for (const { seq } of whole.changes) {
      const later = whole.changes.filter((one) => one.seq > seq);
      assert.deepEqual(shown(await follow(again, { after: seq, limit: 2 })), shown({ changes: later }), `after ${seq}`);
    }
    assert.deepEqual((await follow(again, { after: head })).changes, []);
  });

  it('are those of certificates in the scope of the account', async () => {
    const store = await opened();
    await happen(store);
    const scopes: readonly Partial<AccountScope>[] = [
      { profiles: ['elementaire/*'] },
      { profiles: [] },
      { structures: ['10B1'] },
      { domains: ['example.org'] },
      { holders: ['8*', '30B1/*'] },
    ];
    for (const limit of [1, 3, 200])
      for (const part of scopes) {
        const scope = { ...EVERYTHING, ...part };
        const mine = RECORDS.map((record, at) => (outOfScope(scope, subjectOf(record)) === null ? `${at + 1} ` : '-'));
        const expected = HAPPENS.filter((one) => mine.some((number) => one.startsWith(number)));
        const seen = await follow(store, { limit, scope });
        assert.deepEqual(shown(seen), expected, JSON.stringify(part));
        assert.equal(seen.next, (await follow(store)).next, 'to the end of the log');
      }
  });

  it('examine a limited number of rows for a page, and go on after them', async () => {
    const database = await fresh();
    const store = await opened({ database });
    unwrap(await store.transaction((tx) => issue(tx, intent(1))));
    const raw = await rawDatabase(database);
    const hex = kind === 'sqlite' ? `printf('%012x', n)` : `lpad(to_hex(n), 12, '0')`;
    const columns = `issuer, status, not_before, not_after, created_at, intent_seq, profile, policy_digest,
      holder_id, spki_sha256, account_id, becomes, holder, card, identity, signature, tbs`;
    await raw.all(`insert into certificates (id, serial, issued_seq, ${columns})
      with recursive numbers (n) as (select 3 union all select n + 1 from numbers where n < ${MANY})
      select '00000000-0000-7000-8000-' || ${hex}, ${hex}, n, ${columns} from certificates, numbers
      where id = '${idOf(1)}'`);
    await raw.all(`update audit_head set seq = ${MANY}`);
    await raw.close();
    const none = { ...EVERYTHING, holders: ['9*'] };
    const page = unwrap(
      await store.read((reads) => reads.certificateChanges({ after: 0, until: MANY, limit: 200, scope: none })),
    );
    assert.deepEqual(page, { changes: [], next: 10_001 }, 'the first certificate has entry 2');
    assert.deepEqual(await follow(store, { scope: none }), { changes: [], next: MANY, pages: 2 });
    assert.equal((await follow(store)).changes.length, MANY - 1);
  });
});
