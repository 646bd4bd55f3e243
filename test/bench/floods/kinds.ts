/** The kinds of floods: what one of the flooding clients does, again and again. */
import { randomBytes, randomFillSync, randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import { connect as connectTcp } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ConnectionOptions, connect } from 'node:tls';
import { explicit, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { certificateRequest } from '../../support/cmp/request.js';
import { makeKey } from '../../support/service/csr.js';

/** Sent as JSON to the process of the flooding clients. */
export type FloodTarget = {
  readonly api: { readonly host: string; readonly port: number };
  readonly publication: { readonly host: string; readonly port: number };
  readonly cmp: { readonly host: string; readonly port: number };
  /** PEM certificate and key of an account. */
  readonly account: { readonly certificate: string; readonly key: string };
  /** CertIDs of certificates that exist, DER in hexadecimal. */
  readonly certIds: readonly string[];
};

export type FloodKind = {
  /** As a line of the table names it. */
  readonly title: string;
  /** How many flood at once; left out: 600. */
  readonly connections?: number;
  /** What one client does once; rejects when its connection is refused or closed. */
  readonly once: (target: FloodTarget) => Promise<void>;
};

/** Another address than that of the officer: clients behind one address share its places. */
const FLOOD_ADDRESS = '127.0.0.2';
const DRIP_MS = 500;
const HELD_MS = 30_000;

/** Waits until the server closes the connection, for 30 s at most. */
async function heldOpen(socket: Socket): Promise<void> {
  const closed = new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
  await Promise.race([closed, sleep(HELD_MS, undefined, { ref: false })]);
  socket.destroy();
}

function overTls({ api }: FloodTarget, options: ConnectionOptions, begin: (socket: Socket) => void): Promise<void> {
  const from = { ...api, localAddress: FLOOD_ADDRESS };
  const socket = connect({ ...from, rejectUnauthorized: false, ...options });
  socket.once('secureConnect', () => begin(socket));
  socket.resume();
  return heldOpen(socket);
}

/** Sends one OCSP request after the other on one connection. */
function askOcsp({ publication, certIds }: FloodTarget, count: number, withNonce: boolean): Promise<void> {
  const socket = connectTcp(publication);
  const ask = (): boolean => {
    const first = randomInt(certIds.length);
    const list = Array.from({ length: count }, (_, at) =>
      seq(Buffer.from(certIds[(first + at) % certIds.length] ?? '', 'hex')),
    );
    const nonce = seq(oid(OID.ocspNonce), octetString(octetString(randomBytes(NONCE_OCTETS))));
    return socket.write(ocspPost(seq(seq(seq(...list), ...(withNonce ? [explicit(2, seq(nonce))] : [])))));
  };
  socket.once('connect', ask).on('data', ask);
  return new Promise((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
}

function ocspPost(body: Bytes): Buffer {
  const head = ['POST /ocsp HTTP/1.1', 'host: a', 'content-type: application/ocsp-request'];
  const text = `${[...head, `content-length: ${body.length}`].join('\r\n')}\r\n\r\n`;
  return Buffer.concat([Buffer.from(text), body]);
}

/** A connection sends a message each 100 ms, so that 100 of them send 1,000 a second. */
const CMP_CONNECTIONS = 100;
const CMP_EVERY_MS = 100;
const SALT_OCTETS = 16;

/** Each with a salt of its own, because the service keeps derived keys. */
function wrongMacs(): () => Buffer {
  const salt = randomBytes(SALT_OCTETS);
  const wanted = { key: makeKey(), name: 'FLOOD', at: Date.now() };
  const proof = { kind: 'pbm', reference: 'card-management', secret: '', salt, isWrong: true } as const;
  const message = Buffer.from(certificateRequest(proof, wanted));
  const at = message.indexOf(salt);
  const path = '/.well-known/cmp/p/elementaire~org-auth-cli';
  const head = [`POST ${path} HTTP/1.1`, 'host: a', 'content-type: application/pkixcmp'];
  const text = Buffer.from(`${[...head, `content-length: ${message.length}`].join('\r\n')}\r\n\r\n`);
  return () => {
    randomFillSync(message, at, SALT_OCTETS);
    return Buffer.concat([text, message]);
  };
}

const NONCE_OCTETS = 32;
const SEVERAL = 20;

const half =
  'POST /v1/certificates HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 9000\r\n\r\n{';

export const FLOODS = {
  silent: {
    title: 'connections without a handshake',
    once: ({ api }) => heldOpen(connectTcp({ ...api, localAddress: FLOOD_ADDRESS }).resume()),
  },
  anonymous: {
    title: 'requests without a client certificate',
    once: (target) => overTls(target, {}, (socket) => socket.write('GET /openapi.json HTTP/1.1\r\nhost: a\r\n\r\n')),
  },
  dripping: {
    title: 'header fields that arrive one octet after the other, without a client certificate',
    once: (target) =>
      overTls(target, {}, (socket) => {
        socket.write('GET / HTTP/1.1\r\nx: ');
        const dripping = setInterval(() => socket.write('x'), DRIP_MS);
        socket.once('close', () => clearInterval(dripping));
      }),
  },
  'half-sent': {
    title: 'half of a request, by one account',
    once: (target) =>
      overTls(target, { cert: target.account.certificate, key: target.account.key }, (socket) => socket.write(half)),
  },
  'ocsp-nonces': {
    title: 'OCSP requests with nonces',
    once: (target) => askOcsp(target, 1, true),
  },
  'ocsp-several': {
    title: 'OCSP requests about several certificates',
    once: (target) => askOcsp(target, SEVERAL, false),
  },
  'wrong-macs': {
    title: '1,000 CMP messages a second with wrong MACs',
    connections: CMP_CONNECTIONS,
    once: ({ cmp }) => {
      const socket = connectTcp({ ...cmp, localAddress: FLOOD_ADDRESS }).resume();
      const next = wrongMacs();
      const sending = setInterval(() => socket.write(next()), CMP_EVERY_MS);
      socket.once('close', () => clearInterval(sending));
      return heldOpen(socket);
    },
  },
} as const satisfies Readonly<Record<string, FloodKind>>;

export type FloodName = keyof typeof FLOODS;
