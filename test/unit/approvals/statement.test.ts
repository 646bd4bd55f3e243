/**
 * Statements of approvals. If a statement could say something else than its row, officers would
 * agree to one thing, and another would be done.
 */
import assert from 'node:assert/strict';
import { readStatement, versionOf } from '../../../src/approvals/statement.js';
import { canonicalJson, type Json } from '../../../src/kernel/json.js';
import { approvalRecord } from '../../support/approvals/records.js';

const ENVIRONMENT = 'development';

describe('the statement of an approval', () => {
  const approval = approvalRecord(1);

  it('is canonical JSON, and says all that its row says', () => {
    const statement = JSON.parse(approval.statement) as Readonly<Record<string, Json>>;
    assert.equal(canonicalJson(statement), approval.statement);
    assert.deepEqual(Object.keys(statement), [
      'action',
      'approval',
      'environment',
      'expiresAt',
      'form',
      'object',
      'requestedAt',
      'requestedBy',
      'subject',
      'version',
    ]);
    const { subject, object } = statement;
    assert.deepEqual(readStatement(approval, ENVIRONMENT), { subject, object });
  });

  it('is refused beside another row, in another environment, and in another form', () => {
    const other = JSON.parse(approval.statement) as object;
    const altered = [
      { ...approval, action: 'other' },
      { ...approval, requestedBy: 'officer-2' },
      { ...approval, version: null },
      { ...approval, expiresAt: approval.expiresAt + 1 },
      { ...approval, statement: canonicalJson({ ...other, more: true } as Json) },
      { ...approval, statement: JSON.stringify(other, null, 1) },
    ];
    for (const one of altered) assert.throws(() => readStatement(one, ENVIRONMENT), /differs from its row/);
    assert.throws(() => readStatement(approval, 'production'), /differs from its row/);
  });

  it('has the version of the columns of its object, whatever their order; none without an object', () => {
    assert.equal(versionOf({ state: 'barred', version: 2 }), versionOf({ version: 2, state: 'barred' }));
    assert.notEqual(versionOf({ state: 'barred', version: 2 }), versionOf({ state: 'barred', version: 3 }));
    assert.equal(versionOf(null), null);
  });
});
