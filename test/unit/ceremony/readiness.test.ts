/**
 * What is checked before a ceremony. Without these tests, `ceremony check` could call a plan ready
 * that `perform` refuses, or people would learn of a missing file in the middle of a ceremony.
 */
import assert from 'node:assert/strict';
import { failureText } from '../../../src/ceremony/failures.js';
import { readinessOf } from '../../../src/ceremony/readiness.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { type Disk, emptyDisk, fakeWorld, NOW, testPlan, testPolicy } from '../../support/ceremony/fake-world.js';
import {
  copyOf,
  editedExample,
  exampleFile,
  fileOf,
  inMemory,
  type Options,
} from '../../support/ceremony/in-memory.js';

type YearlyPlan = {
  software: object;
  quorum: { swap?: string | undefined };
  steps: { do: string; previous?: { number: number; sha256: string } }[];
};

describe('the checks before a ceremony', () => {
  const policy = testPolicy();
  const memory = inMemory(policy);
  const first = emptyDisk();
  before(async () => memory.done(first, testPlan('fort', policy)));

  /** The facts as `about: words`, those that are right and those that are wrong. */
  const factsOf = async (disk: Disk, plan: object, options: Options = {}) => {
    const { world } = fakeWorld(disk, { policy, ...options });
    const facts = await readinessOf(world, memory.planOf(plan));
    return {
      fine: facts.filter(({ failure }) => failure === null).map(({ about, words }) => `${about}: ${words.en}`),
      faults: facts.flatMap(({ about, failure }) => (failure === null ? [] : [`${about}: ${failureText(failure).en}`])),
    };
  };
  const yearly = (edit: (plan: YearlyPlan) => void = () => undefined) => editedExample<YearlyPlan>('yearly-crl', edit);

  it('find no fault in a plan that is performed then, and say what they found', async () => {
    const disk = copyOf(first);
    const list = sha256Hex(fileOf(disk, 'crl/ACR-FO.crl'));
    const plan = yearly(({ steps }) => {
      for (const { previous } of steps) if (previous !== undefined) previous.sha256 = list;
    });
    const { fine, faults } = await factsOf(disk, plan);
    assert.deepEqual(faults, []);
    for (const found of [
      'window: time of the machine 2026-03-01T10:00:00Z; window of the plan: 2025-01-01T00:00:00Z to 2033-01-01T00:00:00Z',
      'version: pfcng version 0.1.0',
      `policy: policy ${policy.digest}`,
      'output: files to be made: 5; tokens to be made: 0',
      `file: authorities/acr-fo.cer ${sha256Hex(fileOf(disk, 'authorities/acr-fo.cer'))}`,
      'file: crl/ACR-FO.crl',
      'token: token root-fort (ceremony/fort/root-token)',
      'shares: share set of token root-fort, sharing 1: ceremony/fort/root-shares/1/set.json',
    ])
      assert.ok(fine.includes(found), `${found}\n${fine.join('\n')}`);
    await memory.done(disk, plan);
    assert.deepEqual((await factsOf(disk, plan)).fine[0], 'state: the ceremony has ended: nothing will be done');
  });

  it('name everything that is wrong at once', async () => {
    const disk = copyOf(first);
    disk.files.set('ceremony/fort-crl-2/crl/ACR-FO.crl', new Uint8Array(1));
    disk.files.delete('ceremony/fort/root-shares/1/set.json');
    disk.tokens.delete('root-fort');
    const plan = yearly((edited) => {
      edited.software = { name: 'pfcng', version: '9.9.9', policyDigest: '0'.repeat(64) };
      edited.quorum.swap = undefined;
      for (const { previous } of edited.steps) if (previous !== undefined) previous.sha256 = '1'.repeat(64);
    });
    const machine = { swap: true, coreDumps: true, debugging: true };
    const { faults } = await factsOf(disk, plan, { now: NOW + 4000 * DAY_MS, machine });
    assert.deepEqual(
      faults.map((fault) => fault.split(': ')[0]),
      ['window', 'version', 'policy', 'output', 'file', 'memory', 'memory', 'memory', 'token', 'shares'],
    );
    assert.match(faults[4] ?? '', /crl\/ACR-FO\.crl is not what the plan says/);
  });

  it('find core dumps and a debugger in production, even if the plan allows swap', async () => {
    const machine = { swap: true, coreDumps: true, debugging: true };
    const memoryFaultsIn = async (environment: 'development' | 'production') => {
      const { faults } = await factsOf(first, { ...memory.planOf(yearly()), environment }, { machine });
      return faults.filter((fault) => fault.startsWith('memory: '));
    };
    const [dumped, debugged, ...others] = await memoryFaultsIn('production');
    assert.match(dumped ?? '', /core dump/);
    assert.match(debugged ?? '', /debugger/);
    assert.deepEqual(others, []);
    assert.deepEqual(await memoryFaultsIn('development'), []);
  });

  it('names every file that the plan needs and nobody has made', async () => {
    assert.deepEqual((await factsOf(emptyDisk(), exampleFile('access-authority'))).faults, [
      'file: requests/break-glass-1.csr.pem is needed first: is this the right folder? ' +
        'Once it is there, run the same command again',
    ]);
    const bundle = await factsOf(copyOf(first), exampleFile('offline-answer'));
    assert.deepEqual(
      bundle.faults.filter((fault) => fault.startsWith('file:')).map((fault) => fault.split(' ')[1]),
      ['incoming/request.json'],
    );
  });

  it('refuse a file whose hash is not that of the plan, with both hashes', async () => {
    const disk = copyOf(first);
    const record = 'ceremony/fort-back-up/back-ups/root-fort.json';
    disk.files.set(record, new Uint8Array(1));
    disk.files.set(record.replace('.json', '.copy.json'), new Uint8Array(1));
    disk.tokens.delete('root-fort');
    const plan = editedExample<{ steps: { recordSha256?: string }[] }>('restore-root', ({ steps }) => {
      for (const step of steps) if (step.recordSha256 !== undefined) step.recordSha256 = '2'.repeat(64);
    });
    const { faults } = await factsOf(disk, plan);
    const found = sha256Hex(new Uint8Array(1));
    assert.deepEqual(faults, [
      `file: ${record} is not what the plan says: its SHA-256 is ${found}, that of the plan ${'2'.repeat(64)}`,
    ]);
  });

  it('are those with which perform refuses to begin', async () => {
    const disk = copyOf(first);
    const memorySafe = yearly((edited) => {
      edited.quorum.swap = undefined;
    });
    for (const [plan, options] of [
      [yearly(), { now: NOW + 4000 * DAY_MS }],
      [memorySafe, { machine: { debugging: true } }],
      [memorySafe, { machine: { swap: true } }],
    ] as const) {
      const [fault] = (await factsOf(disk, plan, options)).faults;
      const refusal = await memory.refusal(disk, plan, options);
      assert.equal(fault?.split(': ').slice(1).join(': '), refusal.split(': ').slice(1).join(': '));
    }
  });
});
