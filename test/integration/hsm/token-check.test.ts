/** The self-test of a token that has more keys than a report of its keys. */
import assert from 'node:assert/strict';
import { describeInspectionFailure, withToken } from '../../../hsm/inspect/inspection.js';
import { checkToken } from '../../../hsm/inspect/token-check.js';
import { generateKeyPair } from '../../../hsm/pkcs11/keys/keys.js';
import { reportKeys } from '../../../hsm/pkcs11/report.js';
import { makeToken, removeFolder, temporaryFolder } from '../../support/hsm/signers.js';

describe('the self-test of a token', () => {
  let home: string;
  before(() => {
    home = temporaryFolder();
  });
  after(() => removeFolder(home));

  it('names every key that the configuration does not name, however many there are', async () => {
    const { configuration } = makeToken(home, 'platform', [['platform', 'p-256']]);
    const labels = Array.from({ length: 70 }, (_, at) => `unexpected-${at}`).sort();
    const outcome = await withToken(configuration, async (opened) => {
      for (const label of labels) generateKeyPair(opened.session, label, 'p-256');
      const { keys, unexpected } = await checkToken(opened, configuration.issuers);
      return { faults: keys.flatMap(({ faults }) => faults), unexpected, reported: reportKeys(opened.session).length };
    });
    assert.ok(outcome.ok, outcome.ok ? '' : describeInspectionFailure(outcome.error));
    assert.deepEqual(outcome.value, { faults: [], unexpected: labels, reported: 64 });
  });
});
