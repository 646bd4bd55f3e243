/**
 * What a root does after its first ceremony: yearly lists, revocations of issuing CAs, destruction
 * of keys.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { CeremonyStep } from '../../../../src/ceremony/plan/model.js';
import { readCrlEntries } from '../../../../src/ceremony/steps/shared/previous-list.js';
import type { Bytes } from '../../../../src/kernel/bytes.js';
import { DAY_MS } from '../../../../src/kernel/duration.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import {
  type Disk,
  developmentPlanText,
  emptyDisk,
  Killed,
  NOW,
  testPlan,
  testPolicy,
} from '../../../support/ceremony/fake-world.js';
import {
  copyOf,
  faultIn,
  faultOf,
  inMemory,
  linesOf,
  type Options,
  rewritten,
} from '../../../support/ceremony/in-memory.js';

const LIST = 'crl/ACR-FO.crl';
const LATER = NOW + 300 * DAY_MS;
const sha256 = (bytes: Bytes | undefined): string =>
  createHash('sha256')
    .update(bytes ?? assert.fail())
    .digest('hex');

describe('later ceremonies of a root', () => {
  const policy = testPolicy();
  const memory = inMemory(policy, { now: LATER });
  const { killedAnywhere } = memory;
  const first = emptyDisk();
  before(async () => {
    await memory.done(first, testPlan('fort', policy), { now: NOW });
  });
  /** The disk after the first ceremony, for one test. */
  const afterFirst = (): Disk => copyOf(first);

  type LaterCeremony = { readonly id?: string; readonly steps: readonly object[]; readonly outputs: readonly string[] };
  const written = ({ id = 'later', steps, outputs }: LaterCeremony) => {
    const { transcriptKey: _, ...unsigned } = JSON.parse(new TextDecoder().decode(developmentPlanText('fort')));
    return { ...unsigned, id, steps, outputs };
  };
  const laterPlan = (later: LaterCeremony) => memory.planOf(written(later));
  const faultsOf = (later: LaterCeremony) => memory.faultsOf(written(later));

  const READ = { do: 'read-key', token: 'root-fort', key: 'acr-fo' };
  const list = (number: number, previous: { number: number; sha256: string } | null, further: object = {}) => ({
    do: 'sign-crl',
    issuer: 'acr-fo',
    token: 'root-fort',
    number,
    nextUpdate: { years: 1 },
    output: LIST,
    ...(previous === null ? {} : { previous }),
    ...further,
  });
  const revoke = (authority: string, further: object = {}, id = 'later') => ({
    do: 'revoke-issuing-authority',
    authority,
    issuer: 'acr-fo',
    reason: 'keyCompromise',
    output: `ceremony/${id}/revoked/${authority}.json`,
    ...further,
  });
  const revocation = (further: object = {}): LaterCeremony => ({
    steps: [READ, revoke('aci-fo-org', further), list(2, { number: 1, sha256: '*' })],
    outputs: ['ceremony/later/revoked/aci-fo-org.json', LIST],
  });
  const yearly = (id: string, number: number): LaterCeremony => ({
    id,
    steps: [READ, list(number, { number: number - 1, sha256: '*' })],
    outputs: [LIST],
  });

  const done = (disk: Disk, later: LaterCeremony, options?: Options) => memory.done(disk, written(later), options);
  const refusal = (disk: Disk, later: LaterCeremony, options?: Options) =>
    memory.refusal(disk, written(later), options);
  const entriesOf = (disk: Disk) => {
    const read = readCrlEntries(disk.files.get(LIST) ?? assert.fail());
    assert.ok(read.ok);
    return read.value;
  };
  const serialOf = (id: string): string => {
    const read = readCertificate(first.files.get(`authorities/${id}.cer`) ?? assert.fail());
    assert.ok(read.ok);
    return read.value.tbs.serial;
  };

  it('sign a yearly list that follows the last one by number and hash, and replaces it', async () => {
    const disk = afterFirst();
    const before = disk.files.get(LIST);
    await done(disk, { ...yearly('later', 2), steps: [READ, list(2, { number: 1, sha256: sha256(before) })] });
    assert.notDeepEqual(disk.files.get(LIST), before);
    assert.deepEqual(disk.files.get('ceremony/later/crl/ACR-FO.crl'), disk.files.get(LIST));
    assert.deepEqual(disk.files.get('ceremony/later/previous/ACR-FO.crl'), before);
    assert.equal(faultOf(disk, 'later'), null);
    assert.equal(faultOf(disk, 'fort'), null);
  });

  it('put a revoked issuing CA on the next list of its root, and on every later one', async () => {
    const disk = afterFirst();
    await done(disk, revocation({ invalidityDate: '2026-11-01T00:00:00Z' }));
    const entry = {
      serial: serialOf('aci-fo-org'),
      at: LATER,
      reason: 'keyCompromise',
      invalidityDate: Date.parse('2026-11-01T00:00:00Z'),
    };
    assert.deepEqual(entriesOf(disk), [entry]);
    await done(disk, yearly('year-2', 3), { now: LATER + 300 * DAY_MS });
    assert.deepEqual(entriesOf(disk), [entry]);
    const id = 'second';
    const both: LaterCeremony = {
      id,
      steps: [READ, revoke('aci-fo-pp', { reason: 'superseded' }, id), list(4, { number: 3, sha256: '*' })],
      outputs: [`ceremony/${id}/revoked/aci-fo-pp.json`, LIST],
    };
    await done(disk, both, { now: LATER + 301 * DAY_MS });
    assert.deepEqual(
      entriesOf(disk)
        .map(({ reason }) => reason)
        .sort(),
      ['keyCompromise', 'superseded'],
    );
    for (const ceremony of ['later', 'year-2', id]) assert.equal(faultOf(disk, ceremony), null);
  });

  it('are resumed after a kill at any effect, with one signature and one decision', async () => {
    const kept = ['ceremony/later/revoked/aci-fo-org.json', 'ceremony/later/crl/ACR-FO.crl'];
    const effects = await killedAnywhere(
      { begun: afterFirst, plan: laterPlan(revocation()) },
      ({ disk, where, halfWay }) => {
        for (const path of kept)
          if (halfWay.has(path)) assert.equal(disk.files.get(path), halfWay.get(path), `${where}: ${path}`);
        assert.deepEqual(disk.files.get(LIST), disk.files.get('ceremony/later/crl/ACR-FO.crl'), where);
      },
    );
    assert.ok(effects.length >= 9, `${effects.length}`);
  });

  it('refuse a last list other than the plan’s, and sign nothing', async () => {
    const stated = (previous: { number: number; sha256: string }, number = 2): LaterCeremony => ({
      ...yearly('later', 2),
      steps: [READ, list(number, previous)],
    });
    const signingRefusal = async (disk: Disk, later: LaterCeremony, now = LATER) => {
      const message = await refusal(disk, later, { now });
      assert.ok(!disk.files.has('ceremony/later/crl/ACR-FO.crl'));
      return message;
    };
    const untouched = async (disk: Disk, later: LaterCeremony) => {
      const message = await signingRefusal(disk, later);
      assert.ok(![...disk.files.keys()].some((path) => path.startsWith('ceremony/later/')), 'nobody was called for it');
      return message;
    };
    assert.match(
      await untouched(afterFirst(), stated({ number: 1, sha256: '0'.repeat(64) })),
      /ACR-FO\.crl .* its SHA-256 is [0-9a-f]{64}$/,
    );
    assert.match(
      await untouched(afterFirst(), stated({ number: 2, sha256: '*' }, 3)),
      /number 1 instead of 2: another plan/,
    );
    assert.match(
      await signingRefusal(afterFirst(), stated({ number: 1, sha256: '*' }), NOW - DAY_MS),
      /ACR-FO\.crl .* set the clock$/,
    );
    const other = afterFirst();
    other.files.set(LIST, first.files.get('crl/ACI-FO-PP.crl') ?? assert.fail());
    assert.match(await signingRefusal(other, stated({ number: 1, sha256: '*' })), /^artefact-wrong: crl\/ACR-FO\.crl/);
    const none = afterFirst();
    none.files.delete(LIST);
    assert.match(
      await signingRefusal(none, stated({ number: 1, sha256: '*' })),
      /^missing: crl\/ACR-FO\.crl is needed first: /,
    );
  });

  it('refuse to sign without the last list, which would forget the CAs revoked so far', async () => {
    const disk = afterFirst();
    const forgetful = { ...yearly('later', 2), steps: [READ, list(2, null)] };
    assert.match(
      await refusal(disk, forgetful),
      /^output-exists: crl\/ACR-FO\.crl exists already, and this ceremony did not .* where this file comes from$/,
    );
  });

  it('refuse to revoke a CA twice, in the future, or of another root', async () => {
    const disk = afterFirst();
    await done(disk, revocation());
    const again: LaterCeremony = {
      id: 'again',
      steps: [READ, revoke('aci-fo-org', {}, 'again'), list(3, { number: 2, sha256: '*' })],
      outputs: ['ceremony/again/revoked/aci-fo-org.json', LIST],
    };
    assert.match(await refusal(disk, again), /^artefact-wrong: .* is on the previous list already$/);
    assert.match(
      await refusal(afterFirst(), revocation({ revokedAt: '2030-01-01T00:00:00Z' })),
      /2030-01-01T00:00:00Z, is in the future: it is/,
    );
    const strange = afterFirst();
    const other = emptyDisk();
    await memory.done(other, testPlan('fort', policy));
    strange.files.set('authorities/aci-fo-org.cer', other.files.get('authorities/aci-fo-org.cer') ?? assert.fail());
    assert.match(
      await refusal(strange, revocation()),
      /^artefact-wrong: authorities\/aci-fo-org\.cer .* not signed with the key of acr-fo$/,
    );
  });

  it('refuse a plan with an unpublished revocation, a wrong number, or a key that was not read', () => {
    const { steps, outputs } = revocation();
    const [, decision = {}, next = {}] = steps;
    assert.deepEqual(faultsOf({ steps: [READ, decision], outputs: [outputs[0] ?? ''] }), [
      '/steps/1 no step sign-crl of this root follows: the revocation would not be published',
    ]);
    assert.deepEqual(faultsOf({ steps: [READ, next, decision], outputs }), [
      '/steps/2 no step sign-crl of this root follows: the revocation would not be published',
    ]);
    assert.deepEqual(faultsOf({ steps: [READ, list(1, { number: 1, sha256: '*' })], outputs: [LIST] }), [
      '/steps/1/number the number of the list must be above that of the last one',
    ]);
    assert.deepEqual(faultsOf({ steps: [next], outputs: [LIST] }), [
      '/steps/0 a step read-key of acr-fo on root-fort must come before',
    ]);
    assert.deepEqual(faultsOf(revocation({ authority: 'aci-st-pp' })), [
      '/steps/1/authority aci-st-pp is of the hierarchy standard',
      '/steps/1/issuer the policy says acr-st',
      '/steps/1/output must be ceremony/later/revoked/aci-st-pp.json',
    ]);
    assert.deepEqual(faultsOf(revocation({ revokedAt: '2026-02-30T00:00:00Z' })), [
      '/steps/1/revokedAt there is no such day',
    ]);
    assert.ok(faultsOf(revocation({ reason: 'certificateHold' })).length > 0);
  });

  /** The transcript of a ceremony that was rewritten around one replaced file. */
  const forgedWith = (disk: Disk, id: string, [path, content]: readonly [string, Bytes]) => {
    const forged = rewritten(linesOf(disk, id), ({ result }) =>
      result.artefact === path ? { ...result, sha256: sha256(content) } : result,
    );
    return faultIn(forged, disk, new Map([[path, content]]));
  };

  it('are checked by verify, which finds a list that lost an entry though all was signed again', async () => {
    const disk = afterFirst();
    await done(disk, revocation());
    await done(disk, yearly('year-2', 3));
    // A list of the same root without entries: the first one.
    const empty = first.files.get(LIST) ?? assert.fail();
    const fault = forgedWith(disk, 'year-2', ['ceremony/year-2/crl/ACR-FO.crl', empty]);
    assert.match(fault ?? '', /^ceremony\/year-2\/crl\/ACR-FO\.crl: lacks [0-9a-f]{32}, which is on/);
  });

  it('are checked by verify, which finds a certificate of another key than the one that was read', async () => {
    const disk = afterFirst();
    await done(disk, yearly('later', 2));
    const other = first.files.get('authorities/aci-fo-pp.cer') ?? assert.fail();
    const fault = forgedWith(disk, 'later', ['authorities/acr-fo.cer', other]);
    assert.match(fault ?? '', /^authorities\/acr-fo\.cer: not the certificate of the key of line \d+$/);
  });

  const destruction = (further: object = {}): LaterCeremony => ({
    steps: [
      {
        do: 'destroy-key',
        token: 'ca-fort',
        key: 'aci-fo-org',
        reason: 'compromised',
        ...further,
      } satisfies Partial<CeremonyStep>,
    ],
    outputs: ['ceremony/later/destroyed/ca-fort.aci-fo-org.json'],
  });
  const output = 'ceremony/later/destroyed/ca-fort.aci-fo-org.json';

  it('destroy a key that is still needed only where the plan says why, and keep its record', async () => {
    const disk = afterFirst();
    assert.match(
      await refusal(disk, destruction({ output })),
      /^key-has-duty: key aci-fo-org on token ca-fort still has a duty, nothing was destroyed: .*aci-fo-org\.cer is valid until 20/,
    );
    assert.ok(disk.tokens.get('ca-fort')?.has('aci-fo-org'));
    const other = afterFirst();
    await done(other, destruction({ output, despite: 'revoked, and its last list is out' }));
    assert.ok(!other.tokens.get('ca-fort')?.has('aci-fo-org'));
    const record = JSON.parse(new TextDecoder().decode(other.files.get(output)));
    assert.deepEqual(record.was.attributes, { CKA_SENSITIVE: true, CKA_EXTRACTABLE: false });
    assert.equal(faultOf(other, 'later'), null);
    const over = afterFirst();
    const responders = 'ceremony/later/destroyed/ocsp-fort.aci-fo-pp.json';
    const ended = { token: 'ocsp-fort', key: 'aci-fo-pp', output: responders };
    await done(over, { ...destruction(ended), outputs: [responders] }, { now: Date.parse('2032-12-31T00:00:00Z') });
    assert.ok(!over.tokens.get('ocsp-fort')?.has('aci-fo-pp'));
  });

  it('resume an interrupted destruction, and refuse one of a key that never existed', async () => {
    const plan = laterPlan(destruction({ output, despite: 'revoked' }));
    await killedAnywhere({ begun: afterFirst, plan }, ({ disk, where }) => {
      assert.ok(!disk.tokens.get('ca-fort')?.has('aci-fo-org'), where);
    });
    const without = afterFirst();
    without.tokens.get('ca-fort')?.delete('aci-fo-org');
    assert.match(
      await refusal(without, destruction({ output, despite: 'x' })),
      /^missing: key aci-fo-org on token ca-fort is needed first: .* run the same command again$/,
    );
  });

  it('resume a destruction of a key that an earlier step of the plan has read', async () => {
    const { steps, outputs } = destruction({ output, despite: 'revoked' });
    const read = { do: 'read-key', token: 'ca-fort', key: 'aci-fo-org' };
    const plan = laterPlan({ steps: [read, ...steps, READ], outputs });
    await killedAnywhere({ begun: afterFirst, plan }, ({ disk, where }) => {
      assert.ok(!disk.tokens.get('ca-fort')?.has('aci-fo-org'), where);
    });
    // A key that is missing for any other reason still stops the ceremony.
    const disk = afterFirst();
    const stop = (effect: string) => {
      if (effect === `create ${output}`) throw new Killed(effect);
    };
    await assert.rejects(memory.run(disk, plan, { tamper: stop }).outcome, Killed);
    disk.tokens.get('ca-fort')?.delete('aci-fo-org');
    assert.match(await memory.refusal(disk, plan), /^artefact-altered: key aci-fo-org .* it no longer exists$/);
  });

  it('read a key only if it is the one of its certificate', async () => {
    const disk = afterFirst();
    const stranger = disk.tokens.get('ca-fort')?.get('aci-fo-pp') ?? assert.fail();
    disk.tokens.get('root-fort')?.set('acr-fo', stranger);
    assert.match(
      await refusal(disk, yearly('later', 2)),
      /^artefact-wrong: key acr-fo on token root-fort .* not the key of its certificate$/,
    );
  });

  it('compare the key of an issuing CA with the root generation that the plan names', async () => {
    const disk = afterFirst();
    const second: LaterCeremony = {
      id: 'second',
      steps: [
        { do: 'generate-key', token: 'root-fort', key: 'acr-fo-2' },
        { do: 'create-root', authority: 'acr-fo-2', token: 'root-fort', output: 'authorities/acr-fo-2.cer' },
        { do: 'generate-key', token: 'ca-fort', key: 'aci-fo-pp-2' },
        {
          do: 'create-issuing-authority',
          authority: 'aci-fo-pp-2',
          subjectToken: 'ca-fort',
          issuer: 'acr-fo-2',
          token: 'root-fort',
          output: 'authorities/aci-fo-pp-2.cer',
        },
      ],
      outputs: ['authorities/acr-fo-2.cer', 'authorities/aci-fo-pp-2.cer'],
    };
    await done(disk, second);
    const read = { do: 'read-key', token: 'ca-fort', key: 'aci-fo-pp-2' };
    const readingPlan = (id: string, further: object): LaterCeremony => ({
      id,
      steps: [{ ...read, ...further }],
      outputs: [],
    });
    assert.match(
      await refusal(disk, readingPlan('first', {})),
      /aci-fo-pp-2\.cer .* not signed with the key of acr-fo$/,
    );
    await done(disk, readingPlan('named', { issuer: 'acr-fo-2' }));
    assert.equal(faultOf(disk, 'named'), null);
    assert.deepEqual(faultsOf(readingPlan('wrong', { issuer: 'aci-fo-org' })), [
      '/steps/0/issuer aci-fo-org is no root authority',
      '/steps/0/issuer the policy says acr-fo',
    ]);
  });
});
