/**
 * `pfcng order verify` on files of its own. Without this test, some octet of a receipt could be
 * altered and the receipt still pass.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { verifyOrderFiles } from '../../../src/cli/order/verify.js';
import { toBase64 } from '../../../src/kernel/bytes.js';
import { sha256Hex } from '../../../src/kernel/digest.js';
import { receiptOctets, receiptText } from '../../../src/orders/receipt.js';
import { RECEIPT, softwarePlatform } from '../../support/orders/receipts.js';

describe('the verification of a receipt', () => {
  const RESULTS = '{"card":"1","line":1,"outcome":"issued"}\n';
  const platform = softwarePlatform();
  let folder: string;
  let answer: Buffer;
  const path = (name: string): string => join(folder, name);
  const verified = async (receipt: Buffer | string): Promise<string> => {
    writeFileSync(path('receipt'), receipt);
    const outcome = await verifyOrderFiles({ receipt: path('receipt'), results: path('results'), key: path('key') });
    return outcome.ok ? 'genuine' : outcome.error.map(({ en }) => en).join('; ');
  };
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-verify-'));
    const text = receiptText({ ...RECEIPT, platform: platform.key.id, resultsSha256: sha256Hex(RESULTS) });
    const signed = await platform.signer.platform('receipt', receiptOctets(text));
    assert.ok(signed.ok);
    const signature = toBase64(signed.value);
    answer = Buffer.from(JSON.stringify({ receipt: text, signature, key: platform.key.id, logProof: null }));
    writeFileSync(path('results'), RESULTS);
    writeFileSync(path('key'), platform.key.spki);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('passes as the API has answered it, and with each octet altered it does not', async () => {
    assert.equal(await verified(answer), 'genuine');
    for (const at of answer.keys()) {
      const altered = Buffer.from(answer);
      altered[at] = (altered[at] ?? 0) ^ 1;
      assert.notEqual(await verified(altered), 'genuine', `octet ${at}`);
    }
  });

  it('says what is wrong', async () => {
    assert.match(await verified('{}'), /is not an answer of GET \/v1\/orders\/\{id\}\/receipt/);
    assert.match(
      await verified(answer.toString().replace('lines\\":10', 'lines\\":11')),
      /the signature does not verify/,
    );
    writeFileSync(path('results'), RESULTS.replace('issued', 'refused'));
    assert.match(
      await verified(answer),
      /results is not the file that the receipt names: SHA-256 [0-9a-f]{64} instead/,
    );
    writeFileSync(path('key'), 'no key');
    assert.match(await verified(answer), /is not the public key of a platform/);
  });
});
