/**
 * What the platform key signs. A reader that accepted more would let a stolen service have texts of
 * its own signed, which others take for receipts or webhooks.
 */
import assert from 'node:assert/strict';
import { BENCH_TEXT, isPlatformPurpose, readPlatformBody } from '../../../../hsm/wire/platform-purposes.js';
import { type Bytes, concat, utf8 } from '../../../../src/kernel/bytes.js';
import { canonicalJson } from '../../../../src/kernel/json.js';
import { type Receipt, receiptOctets, receiptText } from '../../../../src/orders/receipt.js';
import { RECEIPT, SIGNATURE_BASE } from '../../../support/orders/receipts.js';

const PURPOSES = ['bench', 'receipt', 'webhook'] as const;
const isSigned = (purpose: (typeof PURPOSES)[number], body: Bytes): boolean => readPlatformBody(purpose, body).ok;

describe('the platform key', () => {
  const right = {
    bench: BENCH_TEXT,
    receipt: receiptOctets(receiptText(RECEIPT)),
    webhook: utf8(SIGNATURE_BASE),
  };

  for (const purpose of PURPOSES)
    it(`signs what the purpose ${purpose} needs, and nothing that another purpose needs`, () => {
      for (const other of PURPOSES) assert.equal(isSigned(purpose, right[other]), other === purpose, other);
    });

  it('has no other purposes', () => {
    for (const name of ['checkpoint', 'cmp', 'toString', '', null]) assert.ok(!isPlatformPurpose(name));
  });

  it('signs no octets that differ from a text in one place only', () => {
    for (const purpose of ['bench', 'receipt', 'webhook'] as const) {
      const body = right[purpose];
      for (const altered of [
        body.subarray(1),
        body.subarray(0, -1),
        concat([body, utf8('\n')]),
        concat([utf8('\n'), body]),
      ])
        assert.ok(!isSigned(purpose, altered), purpose);
    }
  });

  describe('signs as a receipt', () => {
    const variant = (change: Readonly<Record<string, unknown>>): Bytes =>
      receiptOctets(canonicalJson({ ...RECEIPT, ...change } as Receipt));
    const text = receiptText(RECEIPT);
    const refused: Readonly<Record<string, Bytes>> = {
      'no text without its prefix': utf8(text),
      'no other version of the prefix': concat([utf8('PFCNG receipt v2\0'), utf8(text)]),
      'no text that is not UTF-8': concat([right.receipt, Uint8Array.of(0xff)]),
      'no byte order mark': receiptOctets(`\ufeff${text}`),
      'no white space': receiptOctets(JSON.stringify(RECEIPT, null, 1)),
      'no other order of the members': receiptOctets(
        JSON.stringify(Object.fromEntries(Object.entries(RECEIPT).reverse())),
      ),
      'no duplicate key': receiptOctets(text.replace('{', '{"acceptedAt":"2026-03-01T10:00:00Z",')),
      'no further member': variant({ note: 'sign this too' }),
      'no array': receiptOctets(`[${text}]`),
      'no other form': variant({ form: 'pfcng-receipt-2' }),
      'no text in the place of a time': variant({ finishedAt: 'yesterday' }),
      'no fraction of a second': variant({ finishedAt: '2026-03-01T10:05:00.5Z' }),
      'no counts that do not add up': variant({ lines: 11 }),
      'no negative count': variant({ counts: { ...RECEIPT.counts, issued: 8, refused: -1 + 2, cancelled: -1 } }),
      'no further count': variant({ counts: { ...RECEIPT.counts, open: 0 } }),
      'no free text in the place of a hash': variant({ requestSha256: 'z'.repeat(64) }),
      'no account with a free name': variant({ account: 'I owe you 10 euros' }),
      'no order that is still open': variant({ state: 'working' }),
      'no text of any length': receiptOctets(text.replace('card-management', 'c'.repeat(5_000))),
    };
    for (const [what, body] of Object.entries(refused))
      it(what, () => {
        assert.ok(!isSigned('receipt', body));
      });
    it('none without one of its members', () => {
      for (const member of Object.keys(RECEIPT)) {
        const { [member as keyof Receipt]: _, ...others } = RECEIPT;
        assert.ok(!isSigned('receipt', receiptOctets(canonicalJson(others))), member);
      }
    });
  });

  describe('signs as a webhook', () => {
    const edited = (from: string | RegExp, to: string): Bytes => {
      const body = SIGNATURE_BASE.replace(from, to);
      assert.notEqual(body, SIGNATURE_BASE);
      return utf8(body);
    };
    const refused: Readonly<Record<string, Bytes>> = {
      'no other method': edited('POST', 'GET'),
      'no other scheme': edited('https://', 'ftp://'),
      'no address with white space': edited('hooks?', 'hooks ?'),
      'no other type': edited('application/json', 'text/html'),
      'no digest of another length': edited('A=:', '=:'),
      'no further component': edited('\n"webhook-id"', '\n"authorization": Bearer x\n"webhook-id"'),
      'no other time of creation': edited('created=1772359200', 'created=1772359201'),
      'no other algorithm': edited('ecdsa-p256-sha256', 'hmac-sha256'),
      'no other tag': edited('pfcng-webhook', 'pfcng-checkpoint'),
      'no further parameter': edited(';alg=', ';expires=1872359200;alg='),
      'no characters beyond ASCII': edited('cards.example', 'cärds.example'),
      'no text of any length': edited('from=', `from=${'x'.repeat(9_000)}`),
    };
    for (const [what, body] of Object.entries(refused))
      it(what, () => {
        assert.ok(!isSigned('webhook', body));
      });
  });
});
