/** OCSP requests to a running service as raw bytes. */
import { readFileSync } from 'node:fs';
import { integer, tagged } from '../../../src/asn1/der-writer.js';
import { type Bytes, concat, fromHex } from '../../../src/kernel/bytes.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import { readOcspRequest } from '../../../src/ocsp/request.js';
import type { IssuedCertificate } from '../../support/service/client.js';
import { createRelyingParty, writeIssued } from '../../support/service/files.js';
import { openssl } from '../../support/service/judges.js';
import { bodyOf } from '../../support/service/orders.js';
import type { SharedService } from '../../support/service/shared.js';

export type Wire = {
  readonly base: string;
  /** A request of OpenSSL about a good certificate. */
  readonly good: Bytes;
  readonly goodCertId: Bytes;
  /** A request about a new serial number that was never issued. */
  readonly unasked: () => Bytes;
};

const CA = 'aci-el-org';
/** The first byte of serial numbers that are never issued, because they are longer than ours. */
let lastUnasked = 0;

export async function wireOf({ service, as }: SharedService): Promise<Wire> {
  const base = service.urls.publication;
  const party = createRelyingParty(base);
  try {
    await party.fetchAll();
    const body = bodyOf('elementaire/org-auth-cli');
    const issued = await as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', { body });
    const files = ['-issuer', party.path(`${CA}.pem`), '-cert', writeIssued(party, issued)];
    const out = party.path('request.der');
    const { output, status } = await openssl('ocsp', '-no_nonce', ...files, '-reqout', out);
    if (status !== 0) throw new Error(output);
    const good = new Uint8Array(readFileSync(out));
    const goodCertId = soleCertId(good);
    return { base, good, goodCertId, unasked: () => unaskedRequest(good) };
  } finally {
    party.remove();
  }
}

function soleCertId(request: Bytes): Bytes {
  const read = readOcspRequest(request);
  const certId = read.ok ? read.value.certIds[0] : undefined;
  if (certId === undefined) throw new Error('OpenSSL asks about one certificate');
  return certId.der;
}

function unaskedRequest(good: Bytes): Bytes {
  const read = readOcspRequest(good);
  const certId = read.ok ? read.value.certIds[0] : undefined;
  const serial = certId?.serial == null ? null : fromHex(certId.serial);
  if (certId === undefined || serial === null) throw new Error('OpenSSL asks about one certificate');
  lastUnasked += 1;
  const another = new Uint8Array(19).fill(0x5a);
  new DataView(another.buffer).setUint32(2, lastUnasked);
  // Short form of the length: a CertID has fewer than 128 octets. The serial number is its last
  // member.
  const beforeSerial = certId.der.subarray(2, certId.der.length - integer(serial).length);
  return plainRequest([tagged(0x30, concat([beforeSerial, integer(another)]))]);
}

export type HeadOptions = {
  readonly length?: number | null;
  readonly extra?: readonly string[];
  readonly type?: string;
};

/** `length` null: no content-length. */
export function postHead({ length = null, extra = [], type = 'application/ocsp-request' }: HeadOptions): string {
  const lines = ['POST /ocsp HTTP/1.1', 'host: status.test', `content-type: ${type}`, ...extra];
  return `${[...lines, ...(length === null ? [] : [`content-length: ${length}`])].join('\r\n')}\r\n\r\n`;
}

export function post(body: Bytes): Buffer {
  return Buffer.concat([Buffer.from(postHead({ length: body.length })), body]);
}

export function getOf(body: Bytes): Buffer {
  const path = encodeURIComponent(Buffer.from(body).toString('base64'));
  return Buffer.from(`GET /ocsp/${path} HTTP/1.1\r\nhost: status.test\r\n\r\n`);
}

/** OCSPResponseStatus (RFC 6960 4.2.1); null: not an OCSP response. */
export function responseStatus(body: Buffer): number | null {
  const error = /^30030a010([1-6])$/.exec(body.toString('hex'))?.[1];
  if (error !== undefined) return Number(error);
  return /^3082....0a0100a0/.test(body.toString('hex')) ? 0 : null;
}
