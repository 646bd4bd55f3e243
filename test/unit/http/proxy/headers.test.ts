/**
 * What a proxy says of its client. Without these tests a value that is not what a proxy writes
 * could be taken for a client: then somebody else has written it.
 */
import assert from 'node:assert/strict';
import { readProxyHeaders } from '../../../../src/http/proxy/headers.js';

const DER = Buffer.from('3003020101', 'hex');
const CERT = `:${DER.toString('base64')}:`;
const TLS = 'for=192.0.2.43;proto=https';

const fieldOf = (headers: Parameters<typeof readProxyHeaders>[0]): string => {
  const read = readProxyHeaders(headers);
  assert.ok(!read.ok, JSON.stringify(headers));
  assert.equal(read.error.rule, 'proxy-headers');
  return /header (\S+):/.exec(read.error.message.en)?.[1] ?? '';
};

describe('the header fields of a proxy', () => {
  it('say the address of the client and whether it used TLS', () => {
    const forms = {
      'for=192.0.2.43;proto=https': ['192.0.2.43', true],
      'proto=http;for=192.0.2.43': ['192.0.2.43', false],
      'For="192.0.2.43:4711";Proto=https': ['192.0.2.43', true],
      'for="[2001:db8:cafe::17]:4711";proto=https': ['2001:db8:cafe::17', true],
      'for="[::ffff:192.0.2.1]";proto=https': ['::ffff:192.0.2.1', true],
    } as const;
    for (const [forwarded, [address, isTls]] of Object.entries(forms)) {
      const read = readProxyHeaders({ forwarded });
      assert.deepEqual(read.ok && read.value, { address, isTls, certificate: null }, forwarded);
    }
  });

  it('have the octets of the certificate, and perhaps its chain, which is not used', () => {
    for (const chain of [undefined, CERT, `${CERT}, ${CERT},${CERT}`]) {
      const more = chain === undefined ? {} : { 'client-cert-chain': chain };
      const read = readProxyHeaders({ forwarded: TLS, 'client-cert': CERT, ...more });
      assert.deepEqual(read.ok && read.value.certificate, new Uint8Array(DER));
    }
  });

  it('are refused without an address, with two, and in every form that is not one element', () => {
    const forms = [
      undefined,
      '',
      'for=192.0.2.43',
      'proto=https',
      'for=192.0.2.43;proto=ftp',
      'for=192.0.2.43;proto=HTTPS ',
      'for=192.0.2.43;proto=https;by=192.0.2.1',
      'for=192.0.2.43;for=192.0.2.44;proto=https',
      'for=192.0.2.43;proto=https;proto=https',
      'for=192.0.2.43;for=192.0.2.44',
      `${TLS}, ${TLS}`,
      `for=192.0.2.1, ${TLS}`,
      'for="192.0.2.1, for=192.0.2.2";proto=https',
      'for=unknown;proto=https',
      'for=_hidden;proto=https',
      'for=;proto=https',
      'for=192.0.2.256;proto=https',
      'for=192.0.2;proto=https',
      'for=0300.0.2.1;proto=https',
      'for=2001:db8::1;proto=https',
      'for="[2001:db8::g]";proto=https',
      'for="[fe80::1%eth0]";proto=https',
      'for="[192.0.2.1]";proto=https',
      'for="192.0.2.1\\"";proto=https',
      'for=localhost;proto=https',
      'for =192.0.2.43;proto=https',
    ];
    for (const forwarded of forms)
      assert.equal(fieldOf(forwarded === undefined ? {} : { forwarded }), 'Forwarded', forwarded);
  });

  it('are refused with a certificate that is not one byte sequence (RFC 8941)', () => {
    const base64 = DER.toString('base64');
    const forms = [
      '',
      '::',
      base64,
      `:${base64}`,
      `:${base64}:;a=1`,
      `:${base64}:, :${base64}:`,
      `: ${base64}:`,
      `:${base64.replace('=', '')}:`,
      ':MAMCAQF=:',
      ':MAM_AQE=:',
      '-----BEGIN CERTIFICATE-----',
      'too-long',
    ];
    for (const form of forms) assert.equal(fieldOf({ forwarded: TLS, 'client-cert': form }), 'Client-Cert', form);
  });

  it('are refused with a certificate over plain HTTP, which proves no key', () => {
    assert.equal(fieldOf({ forwarded: 'for=192.0.2.43;proto=http', 'client-cert': CERT }), 'Client-Cert');
  });

  it('are refused with a chain that is alone, malformed or too long', () => {
    assert.equal(fieldOf({ forwarded: TLS, 'client-cert-chain': CERT }), 'Client-Cert-Chain');
    for (const chain of ['', 'x', `${CERT},`, Array.from({ length: 9 }, () => CERT).join()])
      assert.equal(fieldOf({ forwarded: TLS, 'client-cert': CERT, 'client-cert-chain': chain }), 'Client-Cert-Chain');
  });
});
