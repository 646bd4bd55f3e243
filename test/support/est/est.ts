/** An EST client of the tests, which says what was sent and answered. */
import assert from 'node:assert/strict';
import { type RequestOptions, request } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { type ClientCredential, trustOf } from '../service/client.js';
import { judge } from '../service/judges.js';
import type { Service } from '../service/service.js';

export type EstSent = {
  /** With or without a label: `elementaire~org-auth-cli/simpleenroll`. */
  readonly operation: string;
  /** Absent: GET. */
  readonly body?: string | Buffer;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** `reference:secret`. */
  readonly basic?: string;
  readonly credential?: ClientCredential;
  readonly tls?: Pick<RequestOptions, 'maxVersion' | 'agent'>;
  /** Called when the handshake is over, before anything is sent; its result is the body. */
  readonly bodyFor?: (socket: TLSSocket) => string;
};

export type EstAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
};

/** POSTs a body, or GETs. */
export function est({ at, urls }: Pick<Service, 'at' | 'urls'>, sent: EstSent): Promise<EstAnswer> {
  const { operation, body, type = 'application/pkcs10', basic, credential = null, tls = {}, bodyFor } = sent;
  const posts = body !== undefined || bodyFor !== undefined;
  const headers = {
    ...(posts ? { 'content-type': type } : {}),
    ...(basic === undefined ? {} : { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
    ...sent.headers,
  };
  const identity = credential === null ? {} : { cert: credential.certificate, key: credential.key };
  const options = { method: posts ? 'POST' : 'GET', headers, ca: trustOf(at), ...identity, agent: false, ...tls };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${urls.api}/.well-known/est/${operation}`, options, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8');
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text });
      });
    });
    outgoing.on('error', reject);
    if (bodyFor === undefined) outgoing.end(body);
    else
      outgoing.on('socket', (socket) => {
        const send = (): void => void outgoing.end(bodyFor(socket as TLSSocket));
        if ((socket as TLSSocket).getProtocol() === null || socket.connecting) socket.once('secureConnect', send);
        else send();
      });
  });
}

/** PEM of each certificate of a certs-only message, as OpenSSL reads it. */
export async function certificatesIn({ status, text }: EstAnswer): Promise<readonly string[]> {
  assert.equal(status, 200, text);
  const der = Buffer.from(text, 'base64');
  const read = await judge('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], der);
  assert.equal(read.status, 0, read.output);
  return read.output.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/g) ?? [];
}

/** The one certificate of an enrolment. */
export async function certificateIn(answer: EstAnswer): Promise<string> {
  const [certificate, another] = await certificatesIn(answer);
  assert.ok(certificate !== undefined && another === undefined, 'exactly one certificate');
  return certificate;
}
