/**
 * OpenSSL's client accepts answers of our codec: certificates in the clear and encrypted to their
 * keys, rejections, waiting, revocations. A wrong field here would be refused by every such client.
 */
import assert from 'node:assert/strict';
import { createHash, randomBytes, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { OID } from '../../../src/asn1/oids.js';
import { encodeBody } from '../../../src/cmp/bodies.js';
import { algorithmIdentifier } from '../../../src/cmp/elements.js';
import { encryptCertificate } from '../../../src/cmp/encrypted-certificate.js';
import { encodeMessage, encodeProtectedPart } from '../../../src/cmp/message.js';
import type { BodyKind, BodyValues, CertOrEncCert, PkiMessage, StatusInfo } from '../../../src/cmp/model.js';
import { statusOf } from '../../../src/cmp/status-info.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, toHex } from '../../../src/kernel/bytes.js';
import { decodePem } from '../../../src/x509/pem.js';
import { contentOf, decoded } from '../../support/cmp/messages.js';
import { runProgram } from '../../support/machine/programs.js';
import { openssl } from '../asn1/openssl.js';

const ACCEPTED = statusOf(null);
const WAITING: StatusInfo = { status: 'waiting', text: ['an officer decides'], failInfo: [] };

type Answer = { readonly [Kind in BodyKind]: readonly [Kind, BodyValues[Kind]] }[BodyKind];

const random = (length: number): Bytes => new Uint8Array(randomBytes(length));

describe("OpenSSL's CMP client", () => {
  let folder: string;
  let server: Server;
  let answer: (request: PkiMessage) => Answer;
  const path = (name: string) => join(folder, name);
  const derOf = (name: string): Bytes => {
    const der = decodePem(readFileSync(path(name), 'latin1'), ['CERTIFICATE']);
    assert.ok(der.ok);
    return der.value;
  };

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'pfcng-cmp-'));
    const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
    const signed = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-addext', 'keyUsage=digitalSignature'];
    openssl(['req', '-x509', ...ec, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', '/CN=CA']);
    for (const name of ['server', 'client'])
      openssl([
        'req',
        '-x509',
        ...signed,
        ...ec,
        '-keyout',
        path(`${name}.key`),
        '-out',
        path(`${name}.pem`),
        '-subj',
        `/CN=${name}`,
      ]);
    const rsa = [
      '-newkey',
      'rsa:2048',
      '-noenc',
      '-keyout',
      path('rsa.key'),
      '-out',
      path('rsa.pem'),
      '-subj',
      '/CN=rsa',
    ];
    openssl(['req', '-x509', '-CA', path('ca.pem'), '-CAkey', path('ca.key'), ...rsa]);
    server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.setHeader('Content-Type', 'application/pkixcmp');
        response.end(answerTo(new Uint8Array(Buffer.concat(chunks))));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(async () => {
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  function answerTo(octets: Bytes): Bytes {
    const request = decoded(octets);
    const [bodyKind, content] = answer(request);
    const { pvno, sender, recipient, transactionID, senderNonce } = request.header;
    const header = {
      pvno,
      sender: recipient,
      recipient: sender,
      messageTime: Date.now(),
      protectionAlg: algorithmIdentifier(OID.ecdsaWithSha256, null),
      senderKID: null,
      recipKID: null,
      transactionID,
      senderNonce: random(16),
      recipNonce: senderNonce,
      freeText: ['from a test'],
      generalInfo: [],
    };
    const bodyContent = (encodeBody[bodyKind] as (value: unknown) => Bytes)(content);
    const part = encodeProtectedPart({ header, bodyKind, bodyContent });
    const protection = new Uint8Array(sign('sha256', part, readFileSync(path('server.key'))));
    return encodeMessage(part, { protection, extraCerts: [derOf('server.pem')] });
  }

  async function client(
    ...options: readonly string[]
  ): Promise<{ readonly status: number | null; readonly output: string }> {
    const { port } = server.address() as AddressInfo;
    const place = ['-server', `127.0.0.1:${port}`, '-path', 'cmp', '-recipient', '/CN=server'];
    const own = ['-cert', path('client.pem'), '-key', path('client.key'), '-trusted', path('ca.pem')];
    const args = ['cmp', '-config', '', ...place, ...own, ...options];
    const { status, stdout, stderr } = await runProgram({ program: 'openssl', args, input: '' });
    return { status, output: Buffer.concat([stdout, stderr]).toString('utf8') };
  }
  const enrol = (key: string, ...options: readonly string[]) =>
    client('-cmd', 'cr', '-newkey', path(key), '-subject', '/CN=APP-1', '-certout', path('out.pem'), ...options);
  const certificate = (issued: CertOrEncCert): Answer => [
    'cp',
    { caPubs: [], responses: [{ certReqId: 0, status: ACCEPTED, certificate: issued }] },
  ];

  it('takes a certificate and confirms it by its hash', async () => {
    let confirmed = '';
    answer = (request) => {
      if (request.bodyKind === 'cr') return certificate({ kind: 'certificate', der: derOf('client.pem') });
      confirmed = toHex(contentOf(request, 'certConf')[0]?.certHash ?? new Uint8Array());
      return ['pkiconf', null];
    };
    const { status, output } = await enrol('client.key');
    assert.equal(status, 0, output);
    assert.equal(confirmed, createHash('sha256').update(derOf('client.pem')).digest('hex'));
  });

  it('decrypts a certificate that is encrypted to its key', async () => {
    let confirmed = '';
    answer = (request) => {
      if (request.bodyKind === 'cr') {
        const [message] = contentOf(request, 'cr');
        const spki = present(message?.request.template.publicKey, 'a key').spki;
        const { pvno } = request.header;
        return certificate(present(encryptCertificate(derOf('rsa.pem'), { pvno, spki, random }), 'an RSA key'));
      }
      confirmed = toHex(contentOf(request, 'certConf')[0]?.certHash ?? new Uint8Array());
      return ['pkiconf', null];
    };
    const { status, output } = await enrol('rsa.key', '-popo', '2');
    assert.equal(status, 0, output);
    assert.equal(confirmed, createHash('sha256').update(derOf('rsa.pem')).digest('hex'));
  });

  it('polls while it has to wait, and shows the reason', async () => {
    let polls = 0;
    answer = ({ bodyKind }) => {
      if (bodyKind === 'cr')
        return ['cp', { caPubs: [], responses: [{ certReqId: 0, status: WAITING, certificate: null }] }];
      if (bodyKind !== 'pollReq') return ['pkiconf', null];
      polls += 1;
      const isEarly = polls === 1;
      return isEarly
        ? ['pollRep', [{ certReqId: 0, checkAfterSeconds: 1, reason: ['an officer decides'] }]]
        : certificate({ kind: 'certificate', der: derOf('client.pem') });
    };
    const { status, output } = await enrol('client.key');
    assert.equal(status, 0, output);
    assert.equal(polls, 2);
    assert.ok(output.includes('an officer decides'), output);
  });

  it('shows the failInfo and the text of a rejection and of an error', async () => {
    const fault = { failInfo: 'badCertTemplate', text: ['the subject is not allowed'] } as const;
    answer = () => ['cp', { caPubs: [], responses: [{ certReqId: 0, status: statusOf(fault), certificate: null }] }];
    const rejected = await enrol('client.key');
    assert.ok(
      rejected.status !== 0 && /badCertTemplate.*the subject is not allowed/.test(rejected.output),
      rejected.output,
    );
    answer = () => ['error', { status: statusOf(fault), errorCode: null, errorDetails: [] }];
    const error = await enrol('client.key');
    assert.ok(error.status !== 0 && /badCertTemplate.*the subject is not allowed/.test(error.output), error.output);
  });

  it('takes the answer to a revocation', async () => {
    answer = (request) => {
      assert.ok(contentOf(request, 'rr')[0]?.template.serialNumber);
      return ['rp', { statuses: [ACCEPTED], revCerts: [], crls: [] }];
    };
    const { status, output } = await client('-cmd', 'rr', '-oldcert', path('client.pem'), '-revreason', '1');
    assert.equal(status, 0, output);
  });
});
