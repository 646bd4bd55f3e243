/**
 * Client certificates that are almost those of an account. OpenSSL leaves an error in its queue
 * when it cannot verify one; without our reading the certificate in time, Node reports that as
 * malformed HTTP, and the client does not learn what is wrong.
 */
import assert from 'node:assert/strict';
import { connect, type SecureVersion } from 'node:tls';
import { children, parseDer } from '../../../../src/asn1/der-reader.js';
import { explicit, integer, seq } from '../../../../src/asn1/der-writer.js';
import { toHex } from '../../../../src/kernel/bytes.js';
import { readCertificate } from '../../../../src/x509/certificate/certificate-reader.js';
import { assembleCertificate } from '../../../../src/x509/certificate/certificate-writer.js';
import { encodePem } from '../../../../src/x509/pem.js';
import { credentialOf, type Problem, trustOf } from '../../../support/service/client.js';
import { describeService } from '../../../support/service/describe-service.js';
import { derOf } from '../../../support/service/own-certificates.js';

/** The order of the group of P-256 (SP 800-186, 3.2.1.3). */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function readOf(pem: string) {
  const read = readCertificate(derOf(pem));
  assert.ok(read.ok);
  return read.value;
}

function withWrongSignature(pem: string): string {
  const der = derOf(pem);
  der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
  return encodePem('CERTIFICATE', der);
}

function withDuplicateExtension(pem: string): string {
  const { tbs, signature } = readOf(pem);
  const changed = parseDer(tbs.der, (root) => {
    const fields = children(root).map(({ whole }) => whole);
    const extensions = children(root)
      .flatMap((field) => (field.tag === EXTENSIONS_TAG ? children(field) : []))
      .flatMap((list) => children(list).map(({ whole }) => whole));
    return seq(...fields.slice(0, -1), explicit(3, seq(...extensions, ...extensions.slice(0, 1))));
  });
  assert.ok(changed.ok);
  return encodePem('CERTIFICATE', assembleCertificate(changed.value, 'ecdsaWithSha256', signature));
}

const END = '-----END CERTIFICATE-----\n';
/** `[3]` of a TBSCertificate (RFC 5280 4.1). */
const EXTENSIONS_TAG = 0xa3;

/** With (r, s) also (r, n - s) is a signature of the same bytes by the same key. */
function withOtherSignature(pem: string): string {
  const { tbs, signature } = readOf(pem);
  const sAt = 4 + (signature[3] ?? 0);
  const [r, s] = [signature.subarray(4, sAt), signature.subarray(sAt + 2)];
  const other = (ORDER - BigInt(`0x${toHex(s)}`)).toString(16).padStart(64, '0');
  const der = seq(integer(r), integer(new Uint8Array(Buffer.from(other, 'hex'))));
  return encodePem('CERTIFICATE', assembleCertificate(tbs.der, 'ecdsaWithSha256', der));
}

describeService('a client certificate that is almost that of an account', { on: 'sqlite' }, (running) => {
  /** Sends one request over a connection with this certificate, and returns the response. */
  const get = async (certificate: string, key: string, maxVersion: SecureVersion): Promise<string> => {
    const { at, urls } = running.shared.service;
    const { hostname, port } = new URL(urls.api);
    const trust = { ca: trustOf(at), servername: 'localhost', maxVersion };
    const socket = connect({ host: hostname, port: Number(port), cert: certificate, key, ...trust });
    let received = '';
    socket.setEncoding('utf8').on('data', (text: string) => {
      received += text;
    });
    socket.on('error', () => undefined);
    socket.write('GET /v1/cas HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    return received;
  };

  const CASES = [
    { what: 'its signature is wrong', rule: 'certificate-of-this-platform', change: withWrongSignature },
    { what: 'it has an extension twice', rule: 'certificate-of-this-platform', change: withDuplicateExtension },
    { what: 'its signature has another form', rule: 'certificate-as-recorded', change: withOtherSignature },
  ];

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const)
    for (const { what, rule, change } of CASES)
      it(`gets 403 with the rule if ${what}, with ${version}`, async () => {
        const { certificate: chain, key } = credentialOf(running.shared.service.at, 'officer-1');
        // The file also has the certificates of its CAs.
        const certificate = chain.slice(0, chain.indexOf(END) + END.length);
        const good = await get(certificate, key, version);
        assert.match(good, /^HTTP\/1\.1 200 /);
        for (let count = 0; count < 5; count += 1) {
          const [head = '', body = ''] = (await get(change(certificate), key, version)).split('\r\n\r\n');
          assert.match(head, /^HTTP\/1\.1 403 /);
          const problem = JSON.parse(body) as Problem & { readonly rule?: string };
          assert.equal(problem.code, 'not-permitted');
          assert.match(`${problem.detail} ${problem.rule ?? ''}`, ruleShown(rule));
        }
      });

  /** The detail names the rule, except where the certificate is not one of this platform. */
  function ruleShown(rule: string): RegExp {
    return rule === 'certificate-of-this-platform'
      ? /not issued by a CA that authenticates accounts/
      : new RegExp(rule);
  }
});
