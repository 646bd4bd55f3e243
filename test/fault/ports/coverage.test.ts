/** Checks that gaps in the coverage are found. */
import assert from 'node:assert/strict';
import { PORT_CALLS } from './calls.js';
import { unreachedLines, wrongEntries } from './coverage/after-failures.js';
import {
  callSites,
  exportedFunctions,
  NO_OPERATIONS,
  OF_OTHERS,
  ofOthersAndNamed,
  operationSources,
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
      'const signature = await signer.sign(part);',
    ].join('\n');
    assert.deepEqual(callSites(new Map([['a.ts', text]])), ['a.ts:1', 'a.ts:2', 'a.ts:3', 'a.ts:4', 'a.ts:5']);
  });

  it('finds a line that no scenario comes by, unless it is said to follow a failure', () => {
    const text = ['await tx.order(id);', '  await tx.changeOrder(id);', 'compute(id);', 'await tx.accounts();'].join(
      '\n',
    );
    const sources = new Map([
      ['orders/a.ts', text],
      ['orders/b.ts', 'await tx.changeOrder(id);'],
    ]);
    const entries = { 'orders/a.ts': { 'await tx.changeOrder(id);': 'the order was lost' } };
    const reached = new Set(['orders/a.ts:1', null]);
    assert.deepEqual(unreachedLines(sources, reached, entries), ['orders/a.ts:4', 'orders/b.ts:1']);
    assert.deepEqual(unreachedLines(sources, reached, {}), ['orders/a.ts:2', 'orders/a.ts:4', 'orders/b.ts:1']);
    const all = new Set(['orders/a.ts:1', 'orders/a.ts:2', 'orders/a.ts:4', 'orders/b.ts:1']);
    assert.deepEqual(unreachedLines(sources, all, {}), []);
  });

  it('finds a line that is said to follow a failure, and does not or is gone', () => {
    const text = ['await tx.order(id);', '  await tx.order(id);', 'await tx.accounts();', 'compute(id);'].join('\n');
    const sources = new Map([['a.ts', text]]);
    const wrong = (file: string, line: string, reached: readonly string[] = []) =>
      wrongEntries(sources, new Set(reached), { [file]: { [line]: 'a reason' } });
    assert.deepEqual(wrong('a.ts', 'await tx.accounts();', ['a.ts:1']), []);
    assert.deepEqual(wrong('a.ts', 'await tx.accounts();', ['a.ts:3']), ['a.ts:3: reached without a failure']);
    assert.deepEqual(wrong('a.ts', 'await tx.order(id);'), ['a.ts: several lines are await tx.order(id);']);
    assert.deepEqual(wrong('a.ts', 'compute(id);'), ['a.ts: no line that calls a port is compute(id);']);
    assert.deepEqual(wrong('b.ts', 'await tx.accounts();'), [
      'b.ts: no line that calls a port is await tx.accounts();',
    ]);
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
    assert.deepEqual(wrongEntries(operationSources(), new Set()), []);
  });
});
