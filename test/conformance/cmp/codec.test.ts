/**
 * Our codec reads the same in CMP messages as those of Bouncy Castle and OpenSSL. Messages that
 * `openssl cmp` makes are in `test/unit/cmp`. Without other readers our reader and our writer could
 * share a mistake.
 */
import assert from 'node:assert/strict';
import { createPrivateKey, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { encryptCertificate } from '../../../src/cmp/encrypted-certificate.js';
import { encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import { BODY_KINDS, type CertOrEncCert } from '../../../src/cmp/model.js';
import { statusOf } from '../../../src/cmp/status-info.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex, toHex } from '../../../src/kernel/bytes.js';
import { decodePem } from '../../../src/x509/pem.js';
import { arbitraryMessage, type Samples } from '../../support/cmp/arbitrary-messages.js';
import { decoded, encodedAgain } from '../../support/cmp/messages.js';
import { openssl } from '../../support/service/judges.js';
import { type BouncyCastle, bouncyCastle } from './bouncy-castle.js';
import { encodedByOpenssl } from './openssl-codec.js';

/** `npm run test:night` compares 10,000 messages with each of the two codecs. */
const MESSAGES = Number(process.env.PFCNG_CMP_MESSAGES ?? 500);

/** `openssl ca -gencrl` has made it. */
const CRL = [
  '3081a4304c020101300a06082a8648ce3d040302300d310b300906035504030c024341170d3236313132393033',
  '343430385a170d3236313232393033343430385aa00e300c300a0603551d140403020102300a06082a8648ce3d',
  '0403020348003045022072f5d858e58a52de4ad29c6e36dc759a64b168183699573a32a55b12f02a3aa7022100',
  'dd02771b7b811035521a8d4914ecb7e208ad31da08df60d1eac04877b5f3ff77',
].join('');

const random = (length: number): Bytes => new Uint8Array(randomBytes(length));

describe('a codec of CMP that is not ours', () => {
  let folder: string;
  let judge: BouncyCastle;
  let samples: Samples;
  let key: Bytes;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-cmp-'));
    judge = await bouncyCastle(folder);
    const path = (name: string) => join(folder, name);
    const run = async (...args: readonly string[]) => {
      const { status, output } = await openssl(...args);
      assert.equal(status, 0, output);
    };
    const made = ['-newkey', 'rsa:2048', '-noenc', '-keyout', path('key.pem'), '-subj', '/CN=APP-1'];
    await run('req', '-x509', ...made, '-out', path('certificate.pem'));
    await run('req', '-new', '-key', path('key.pem'), '-subj', '/CN=APP-1', '-out', path('request.pem'));
    const der = (name: string, label: string): Bytes => {
      const read = decodePem(readFileSync(path(name), 'latin1'), [label]);
      assert.ok(read.ok);
      return read.value;
    };
    const certificate = der('certificate.pem', 'CERTIFICATE');
    await run('pkey', '-in', path('key.pem'), '-pubout', '-out', path('public.pem'));
    const spki = der('public.pem', 'PUBLIC KEY');
    const encrypted = (pvno: number) => present(encryptCertificate(certificate, { pvno, spki, random }), 'an RSA key');
    key = new Uint8Array(createPrivateKey(readFileSync(path('key.pem'))).export({ format: 'der', type: 'pkcs8' }));
    samples = {
      certificate,
      spki,
      crl: present(fromHex(CRL), 'a CRL'),
      certificationRequest: der('request.pem', 'CERTIFICATE REQUEST'),
      envelopedData: encrypted(3).der,
      encryptedValue: encrypted(2).der,
    };
  });
  after(() => rmSync(folder, { recursive: true }));

  it('makes messages of every request that our codec encodes again octet by octet: Bouncy Castle', async () => {
    const made = await judge.make(samples.certificate);
    const kinds = new Set<string>();
    for (const [name, hex] of made) {
      const message = decoded(present(fromHex(hex), 'hex'));
      assert.equal(toHex(encodedAgain(message)), hex, name);
      kinds.add(message.bodyKind);
    }
    for (const kind of ['ir', 'cr', 'kur', 'p10cr', 'certConf', 'pollReq', 'rr', 'genm', 'nested', 'error'])
      assert.ok(kinds.has(kind), kind);
  });

  const codecs: Readonly<Record<string, (messages: readonly Bytes[]) => Promise<readonly string[]>>> = {
    'Bouncy Castle': (messages) => judge.encodeAgain(messages),
    OpenSSL: (messages) => encodedByOpenssl(folder, messages),
  };
  for (const [name, encodeAgain] of Object.entries(codecs))
    it(`encodes arbitrary messages of ours again octet by octet: ${name}`, async () => {
      const messages = fc.sample(arbitraryMessage(samples), MESSAGES);
      const again = await encodeAgain(messages.map(({ octets }) => octets));
      for (const [at, { bodyKind, octets }] of messages.entries()) assert.equal(again[at], toHex(octets), bodyKind);
      assert.equal(new Set(messages.map(({ bodyKind }) => bodyKind)).size, BODY_KINDS.length - 10);
    });

  it('decrypts certificates that are encrypted to their key in both forms: Bouncy Castle', async () => {
    const forms: readonly CertOrEncCert[] = [
      { kind: 'envelopedData', der: samples.envelopedData },
      { kind: 'encryptedValue', der: samples.encryptedValue },
    ];
    const [sample] = fc.sample(arbitraryMessage(samples), 1);
    const { header } = present(sample, 'a message');
    const messages = forms.map((certificate) => {
      const responses = [{ certReqId: 0, status: statusOf(null), certificate }];
      const bodyContent = encodeBody.ip({ caPubs: [], responses });
      return encodeMessage(encodeProtectedPart({ header, bodyKind: 'ip', bodyContent }), {
        protection: null,
        extraCerts: [],
      });
    });
    const certificate = toHex(samples.certificate);
    assert.deepEqual(await judge.decrypt(key, messages), [certificate, certificate]);
  });
});
