/** Checks that gaps in the coverage are found. */
import assert from 'node:assert/strict';
import { PORT_CALLS } from './calls.js';
import {
  callSites,
  exportedFunctions,
  NO_OPERATIONS,
  OF_OTHERS,
  ofOthersAndNamed,
  uncalled,
  withoutScenario,
} from './coverage.js';

describe('the count of what can fail', () => {
  it('finds an operation without a scenario', async () => {
    const frame = { name: 'frameCertificate', value: () => undefined };
    assert.deepEqual(withoutScenario([...(await exportedFunctions()), frame]), ['frameCertificate']);
  });

  it('finds each line that calls a port', () => {
    const text = [
      'const found = await store.read((reads) => reads.status(issuer, serial));',
      'const stored = await world.store.transaction<Result<CrlRecord, Failure>>(async (tx) => {',
      '  await tx.setState(id, state, event);',
      'outlet.draft(',
      'statusChanged(changes);',
      'drafts.push(draft); draft.sizeBytes;',
    ].join('\n');
    assert.deepEqual(callSites(new Map([['a.ts', text]])), ['a.ts:1', 'a.ts:2', 'a.ts:3', 'a.ts:4', 'a.ts:5']);
  });

  it('finds a method of a port that nobody calls', () => {
    const calls = Object.keys(PORT_CALLS).map((name) => ({ name, site: null, follows: false }));
    assert.deepEqual(uncalled(calls), []);
    assert.deepEqual(uncalled(calls.filter(({ name }) => !name.endsWith('.setState'))), ['transaction.setState']);
    assert.deepEqual(uncalled(calls.filter(({ name }) => name !== 'signer.reportBadSignature')), [
      'signer.reportBadSignature',
    ]);
  });

  it('finds an operation that calls what is said to be of others', () => {
    const sources = new Map([['a.ts', 'await reads.freshness();']]);
    assert.deepEqual(ofOthersAndNamed(sources), ['reads.freshness']);
  });

  it('has no exception that is none', async () => {
    const names = new Set((await exportedFunctions()).map(({ name }) => name));
    assert.deepEqual(
      Object.keys(NO_OPERATIONS).filter((name) => !names.has(name)),
      [],
    );
    assert.deepEqual(
      Object.keys(OF_OTHERS).filter((name) => PORT_CALLS[name] === undefined),
      [],
    );
  });
});
