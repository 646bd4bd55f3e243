/**
 * A small EST server (RFC 7030) with a CA of its own and the clock of the test. It issues for 90
 * days, and answers the same request with the same certificate.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { OID } from '../../../src/asn1/oids.js';
import { DAY_MS } from '../../../src/kernel/duration.js';
import { readCertificate } from '../../../src/x509/certificate/certificate-reader.js';
import { certsOnlyMessage } from '../../../src/x509/certificate/chain.js';
import { encodeName } from '../../../src/x509/certificate/name-writer.js';
import { writeBasicConstraints } from '../../../src/x509/extensions/basic-constraints.js';
import { writeSubjectAltName } from '../../../src/x509/extensions/subject-alt-name.js';
import type { Extension, Name } from '../../../src/x509/model.js';
import { readCertificationRequest } from '../../../src/x509/request/certification-request.js';
import { type HolderKey, makeKey, toPem } from '../service/csr.js';
import { derOf, signedBy } from '../service/own-certificates.js';

export const LIFE_MS = 90 * DAY_MS;

/** What the server answers instead of what it would do; `headers` may have Retry-After. */
export type Otherwise = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type EstServer = {
  readonly url: string;
  /** PEM of the root. */
  readonly trust: string;
  /** PEM. */
  readonly ca: string;
  /** Bodies of `simplereenroll` that came, in order. */
  readonly requests: readonly string[];
  /** How many certificates were issued, a repetition left out. */
  readonly issued: () => number;
  /** Signs a certificate, PEM, as the server would. */
  readonly issue: (wanted: CertificateFields) => string;
  now: () => number;
  /** null: it does its work. */
  otherwise: ((operation: string) => Otherwise | null) | null;
  readonly close: () => Promise<void>;
};

export type CertificateFields = {
  readonly subject: Name;
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
  readonly lifeMs?: number;
};

export function nameOf(commonName: string): Name {
  return [[{ type: OID.commonName, form: 'utf8String', value: commonName }]];
}

export const spkiOf = ({ publicKey }: HolderKey): Uint8Array =>
  new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }));

type Authority = { readonly key: HolderKey; readonly certificate: string; readonly nameDer: Uint8Array };

export async function startEstServer(): Promise<EstServer> {
  const root = authority('Root', null);
  const ca = authority('Issuing', root);
  const known = new Map<string, string>();
  const requests: string[] = [];

  const issue = ({ subject, spki, extensions, lifeMs = LIFE_MS }: CertificateFields): string => {
    const validity = { notBefore: second(server.now()), notAfter: second(server.now() + lifeMs) };
    return signedBy(ca.key.privateKey, { issuerDer: ca.nameDer, validity, subject, spki, extensions });
  };

  const reenroll = async (peer: Uint8Array, body: string): Promise<string> => {
    requests.push(body);
    const digest = createHash('sha256').update(body.replace(/\s/g, '')).digest('hex');
    const before = known.get(digest);
    if (before !== undefined) return before;
    const request = await readCertificationRequest(toPem('CERTIFICATE REQUEST', Buffer.from(body, 'base64')));
    assert.ok(request.ok, JSON.stringify(request));
    const old = readCertificate(peer);
    assert.ok(old.ok);
    const { subject, subjectDer, extensions } = old.value.tbs;
    assert.deepEqual(encodeName(request.value.subject), subjectDer, 'RFC 7030 4.2.2');
    const certificate = issue({ subject, extensions, spki: request.value.key.spki });
    known.set(digest, certificate);
    return certificate;
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const operation = (request.url ?? '').split('/').at(-1) ?? '';
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const other = server.otherwise?.(operation) ?? null;
    if (other !== null) return void response.writeHead(other.status, { ...other.headers }).end(other.body ?? '');
    const { raw } = (request.socket as TLSSocket).getPeerCertificate();
    const certificates =
      operation === 'cacerts'
        ? [root.certificate, ca.certificate]
        : [await reenroll(new Uint8Array(raw), Buffer.concat(parts).toString('utf8'))];
    const message = Buffer.from(certsOnlyMessage(certificates.map(derOf))).toString('base64');
    response.writeHead(200, { 'content-type': 'application/pkcs7-mime' }).end(message);
  };

  const own = makeKey();
  const cert = signedBy(root.key.privateKey, {
    issuerDer: root.nameDer,
    subject: nameOf('localhost'),
    spki: spkiOf(own),
    validity: LONG,
    extensions: [writeSubjectAltName([{ kind: 'dNSName', value: 'localhost' }])],
  });
  const key = own.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const options = { key, cert, requestCert: true, rejectUnauthorized: false };
  const listener = createServer(options, (request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const { port } = listener.address() as AddressInfo;
  const server: EstServer = {
    url: `https://localhost:${port}`,
    trust: root.certificate,
    ca: ca.certificate,
    requests,
    issued: () => known.size,
    issue,
    now: () => Date.now(),
    otherwise: null,
    close: () => new Promise((resolve) => listener.close(() => resolve())),
  };
  return server;
}

/** Longer than any year that a test lets pass. */
const LONG = { notBefore: second(Date.now() - DAY_MS), notAfter: second(Date.now() + 3_650 * DAY_MS) };

function authority(name: string, issuer: Authority | null): Authority {
  const key = makeKey();
  const subject = nameOf(name);
  const nameDer = encodeName(subject);
  const extensions = [writeBasicConstraints({ ca: true, pathLen: null })];
  const tbs = { issuerDer: issuer?.nameDer ?? nameDer, subject, spki: spkiOf(key), validity: LONG, extensions };
  return { key, nameDer, certificate: signedBy((issuer?.key ?? key).privateKey, tbs) };
}

function second(at: number): number {
  return Math.floor(at / 1_000) * 1_000;
}
