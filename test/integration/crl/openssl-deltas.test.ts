/**
 * OpenSSL on base and delta together, and on the lists of partitions: it says of every certificate
 * what the database says.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { present } from '../../../src/kernel/assert.js';
import { DAY_MS, MINUTE_MS } from '../../../src/kernel/duration.js';
import { publishCrl } from '../../../src/operations/crl/publish-crl.js';
import { crlUrl } from '../../../src/policy/publication/addresses.js';
import { scopeOf } from '../../../src/policy/publication/crl-scopes.js';
import type { IssuerId } from '../../../src/ports/signer.js';
import type { CertificateRecord } from '../../../src/ports/store/certificates.js';
import type { StoredState } from '../../../src/ports/store/statuses.js';
import type { Store } from '../../../src/ports/store.js';
import { encodePem } from '../../../src/x509/pem.js';
import { createHistories, type Histories, type KeptList } from '../../support/crl/histories.js';
import { cleanUp, freshDatabase, opened, unwrap } from '../../support/db/fixture.js';
import { certify, intent } from '../../support/db/records.js';
import { withRun } from '../../support/db/runs.js';
import { setState } from '../../support/db/unaudited.js';
import { createStatusAuthority, issueWithOpenssl, type StatusAuthority } from '../../support/status/authority.js';

/** OpenSSL uses its own clock. */
const BEFORE = Math.floor(Date.now() / 1000) * 1000 - 10 * MINUTE_MS;
const GENERATION = 2;

/**
 * What happens to each before the base and after it, and what relying parties are to think then.
 */
const LIVES = [
  { name: 'good', steps: [], ends: 'good' },
  { name: 'revoked before', steps: ['revoke', null], ends: 'revoked' },
  { name: 'revoked after', steps: [null, 'revoke'], ends: 'revoked' },
  { name: 'suspended before', steps: ['hold', null], ends: 'revoked' },
  { name: 'suspended after', steps: [null, 'hold'], ends: 'revoked' },
  { name: 'released after', steps: ['hold', 'release'], ends: 'good' },
  { name: 'suspended, and revoked after', steps: ['hold', 'revoke'], ends: 'revoked' },
] as const;
type Step = (typeof LIVES)[number]['steps'][number] | undefined;

describe('OpenSSL with delta CRLs and partitions', () => {
  afterEach(cleanUp);
  let authority: StatusAuthority;
  before(() => {
    authority = createStatusAuthority();
  });
  after(() => rmSync(authority.folder, { recursive: true, force: true }));

  const issuer = `test-ca-${GENERATION}` as IssuerId;

  async function lives(
    partitions: number,
  ): Promise<{ readonly histories: Histories; readonly files: readonly string[] }> {
    const store = await withRun(await opened({ database: await freshDatabase('sqlite') }));
    const records = LIVES.map((_, at) =>
      intent(at, {
        issuer,
        serial: `4d${String(at).padStart(2, '0')}${'c3'.repeat(14)}`,
        notAfter: Date.now() + DAY_MS,
        crlPartition: partitions === 0 ? null : at % partitions,
      }),
    );
    unwrap(
      await store.transaction(async (tx) => {
        for (const record of records) await certify(tx, record);
      }),
    );
    const crl = partitions === 0 ? {} : { partitions: { 'test-ca': partitions } };
    const options = { store, authority, generation: GENERATION, certificates: records, now: BEFORE, crl };
    const histories = createHistories(options);
    for (const part of [0, 1]) {
      for (const [which, { steps }] of LIVES.entries())
        await take({ store, at: histories.now }, present(records[which], 'a record'), steps[part]);
      unwrap(await publishCrl(histories.world, issuer, part === 0 ? 'full' : 'delta'));
      histories.now += MINUTE_MS;
    }
    rmSync(histories.folder, { recursive: true, force: true });
    return { histories, files: records.map((record) => leafOf(histories, record)) };
  }

  async function take(
    { store, at }: { readonly store: Store; readonly at: number },
    { id }: CertificateRecord,
    step: Step,
  ): Promise<void> {
    if (step === undefined || step === null) return;
    const states: Record<typeof step, StoredState> = {
      revoke: { status: 'revoked', at, reason: 'keyCompromise', invalidityDate: at - DAY_MS },
      hold: { status: 'suspended', at, invalidityDate: null },
      release: { status: 'issued' },
    };
    unwrap(await store.transaction((tx) => setState(tx, id, [states[step], { at, actor: 'account:officer-1' }])));
  }

  /** A certificate with the address of its CRL, like those of the service. */
  function leafOf({ world }: Histories, { serial, crlPartition }: CertificateRecord): string {
    const { folder } = authority;
    const url = crlUrl(world.policy.environment, issuer, scopeOf('full', crlPartition));
    return issueWithOpenssl(folder, {
      name: `${serial}-${crlPartition}`,
      subject: '/C=FR/CN=LEAF',
      serial,
      days: 1,
      hash: '-sha256',
      extensions: [`crlDistributionPoints=URI:${url}`],
    });
  }

  function verdict(leaf: string, lists: readonly KeptList[], flags: readonly string[]): string {
    const { folder, caPem } = authority;
    writeFileSync(join(folder, 'lists.pem'), lists.map(({ bytes }) => encodePem('X509 CRL', bytes)).join(''));
    const args = ['verify', ...flags, '-CAfile', caPem, '-CRLfile', join(folder, 'lists.pem'), leaf];
    const { status, stdout, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
    if (status === 0) return 'good';
    return /certificate revoked/.test(`${stdout}${stderr}`) ? 'revoked' : `${stdout}${stderr}`;
  }

  const DELTAS = ['-crl_check_all', '-extended_crl', '-use_deltas'];

  it('base and delta CRL give the same status for every certificate as a full CRL of the same time', async () => {
    const { histories, files } = await lives(0);
    const { lists } = histories;
    assert.deepEqual(
      lists.map(({ base, number }) => [number, base]),
      [
        [1, null],
        [2, 1],
      ],
    );
    for (const [at, { name, ends }] of LIVES.entries())
      assert.equal(verdict(present(files[at], name), lists, DELTAS), ends, name);
    // Without delta CRLs, the status is the one in the base.
    const withoutDeltas = (name: string) =>
      verdict(present(files[LIVES.findIndex((one) => one.name === name)], name), lists, ['-crl_check']);
    assert.equal(withoutDeltas('revoked after'), 'good');
    assert.equal(withoutDeltas('released after'), 'revoked');
  });

  it('the CRL of a partition covers only its certificates, and its delta CRL completes it', async () => {
    const { histories, files } = await lives(2);
    const of = (partition: number | null) => histories.lists.filter((list) => list.partition === partition);
    assert.deepEqual(
      [null, 0, 1].map((partition) => of(partition).length),
      [2, 2, 2],
    );
    for (const [at, { name, ends }] of LIVES.entries()) {
      const leaf = present(files[at], name);
      assert.equal(verdict(leaf, of(at % 2), ['-crl_check', '-extended_crl', '-use_deltas']), ends, name);
      assert.match(
        verdict(leaf, of(1 - (at % 2)), ['-crl_check', '-extended_crl']),
        /different CRL scope|unable to get certificate CRL/,
        name,
      );
      assert.equal(verdict(leaf, histories.lists, DELTAS), ends, `${name}, among all lists`);
      assert.equal(verdict(leaf, of(null), DELTAS), ends, `${name}, by the list of all certificates`);
    }
  });
});
