/**
 * A certification authority of test keys, made by OpenSSL in a folder of its own, with a
 * delegated OCSP responder: what CRLs and OCSP answers are judged against where the real signers
 * are not the subject. Its keys are software keys, for tests only.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { createPrivateKey, createSign, type KeyObject, sign } from 'node:crypto';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { err, ok } from '../../../src/kernel/result.js';
import { redeemLintToken } from '../../../src/lint/token.js';
import { type DelegatedResponder, readDelegatedResponder } from '../../../src/ocsp/responder.js';
import type { IssuerId, Signer } from '../../../src/ports/signer.js';
import { readIssuer } from '../../../src/x509/certificate/issuer.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import type { Issuer } from '../../../src/x509/model.js';

export type TestKeyType = 'rsa-2048' | 'p-256' | 'p-384';

const KEY_ARGUMENTS: Readonly<Record<TestKeyType, readonly string[]>> = {
  'rsa-2048': ['-newkey', 'rsa:2048', '-sha256'],
  'p-256': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-sha256'],
  'p-384': ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-384', '-sha384'],
};

export type StatusAuthority = {
  readonly folder: string;
  readonly issuer: Issuer;
  readonly responder: DelegatedResponder;
  /** Those beside it. */
  readonly others: readonly DelegatedResponder[];
  /** Signs what a passed lint let through, with the authority's and the responder's test keys. */
  readonly signer: Pick<Signer, 'crl' | 'ocsp' | 'reportBadSignature'>;
  readonly caPem: string;
  readonly responderPem: string;
  readonly caKey: KeyObject;
  readonly responderKey: KeyObject;
  /** Issues a certificate with this serial number by OpenSSL; the path of its PEM. */
  readonly issueLeaf: (serial: string) => string;
};

/** All that it says, on either stream; an exit code other than 0 throws with the same. */
export function openssl(folder: string, args: readonly string[]): string {
  const done = spawnSync('openssl', [...args], { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const said = `${done.stdout}${done.stderr}`;
  if (done.status !== 0) throw new Error(`openssl ${args.join(' ')}: ${done.status}\n${said}`);
  return said;
}

export function createStatusAuthority({
  id = 'test-ca',
  keyType = 'p-256',
  responderKeyType = 'p-256',
  beside = [],
}: {
  readonly id?: string;
  readonly keyType?: TestKeyType;
  readonly responderKeyType?: TestKeyType;
  /** Key types of more responders. */
  readonly beside?: readonly TestKeyType[];
} = {}): StatusAuthority {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-status-'));
  openssl(folder, [
    'req',
    '-x509',
    '-nodes',
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-days',
    '3650',
    '-subj',
    `/C=FR/O=TEST/CN=TEST AC ${id}`,
    ...KEY_ARGUMENTS[keyType],
    '-addext',
    'basicConstraints=critical,CA:TRUE',
    '-addext',
    'keyUsage=critical,keyCertSign,cRLSign',
  ]);
  const hash = KEY_ARGUMENTS[keyType].at(-1) ?? '-sha256';
  const issuer = issuerOf(folder, id);
  const made = [responderKeyType, ...beside].map((type, at) =>
    makeResponder(folder, { issuer, name: at === 0 ? 'responder' : `responder-${type}`, type, hash }),
  );
  const [responder, ...others] = made.map((one) => one.responder);
  if (responder === undefined) throw new Error('there is a first one');
  const caKey = createPrivateKey(readFileSync(join(folder, 'ca.key')));
  const responderKey = createPrivateKey(readFileSync(join(folder, 'responder.key')));
  return {
    folder,
    issuer,
    responder,
    others,
    signer: softwareSigner({ issuer, caKey, made }),
    caPem: join(folder, 'ca.pem'),
    responderPem: join(folder, 'responder.pem'),
    caKey,
    responderKey,
    issueLeaf: (serial) => issueLeaf(folder, serial, hash),
  };
}

function derOf(folder: string, pem: string): Bytes {
  return new Uint8Array(
    execFileSync('openssl', ['x509', '-in', pem, '-outform', 'DER'], { cwd: folder, maxBuffer: 1 << 20 }),
  );
}

function issuerOf(folder: string, id: string): Issuer {
  const read = readIssuer({
    id: id as IssuerId,
    authority: id,
    generation: 1,
    hierarchy: 'fort',
    kind: 'issuing',
    certificate: derOf(folder, 'ca.pem'),
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function issueLeaf(folder: string, serial: string, hash: string): string {
  return issueWithOpenssl(folder, { name: `leaf-${serial}`, subject: '/C=FR/CN=TEST', serial, days: 30, hash });
}

type OpensslOrder = {
  /** Begins the names of the files. */
  readonly name: string;
  readonly subject: string;
  /** Hex. */
  readonly serial: string;
  readonly days: number;
  readonly hash: string;
  readonly keyType?: TestKeyType;
  /** Lines of an OpenSSL extension file. */
  readonly extensions?: readonly string[];
};

/** Issues a certificate for a fresh key with the authority in this folder; the path of its PEM. */
export function issueWithOpenssl(
  folder: string,
  { name, subject, serial, days, hash, keyType = 'p-256', extensions = [] }: OpensslOrder,
): string {
  const [key, csr, certificate] = [`${name}.key`, `${name}.csr`, `${name}.pem`];
  writeFileSync(join(folder, `${name}.ext`), extensions.map((line) => `${line}\n`).join(''));
  openssl(folder, ['req', '-new', '-nodes', '-keyout', key, '-out', csr, '-subj', subject, ...KEY_ARGUMENTS[keyType]]);
  const issuer = ['-CA', 'ca.pem', '-CAkey', 'ca.key', hash];
  const terms = ['-set_serial', `0x${serial}`, '-days', `${days}`, '-extfile', `${name}.ext`];
  openssl(folder, ['x509', '-req', '-in', csr, ...issuer, ...terms, '-out', certificate]);
  return join(folder, certificate);
}

/** In another process: the responders of one that was made, by its folder. */
export function openStatusAuthority(
  folder: string,
  id = 'test-ca',
): Pick<StatusAuthority, 'issuer' | 'responder' | 'signer'> {
  const issuer = issuerOf(folder, id);
  const { responder, key } = openResponder(folder, issuer, 'responder');
  const caKey = createPrivateKey(readFileSync(join(folder, 'ca.key')));
  return { issuer, responder, signer: softwareSigner({ issuer, caKey, made: [{ responder, key }] }) };
}

type MadeResponder = { readonly responder: DelegatedResponder; readonly key: KeyObject };
type ResponderWanted = {
  readonly issuer: Issuer;
  readonly name: string;
  readonly type: TestKeyType;
  readonly hash: string;
};

function makeResponder(folder: string, { issuer, name, type, hash }: ResponderWanted): MadeResponder {
  issueWithOpenssl(folder, {
    name,
    subject: `/C=FR/O=TEST/CN=TEST OCSP ${issuer.id}`,
    serial: '4d',
    days: 365,
    hash,
    keyType: type,
    extensions: ['keyUsage=critical,digitalSignature', 'extendedKeyUsage=OCSPSigning', 'noCheck=ignored'],
  });
  return openResponder(folder, issuer, name);
}

function openResponder(folder: string, issuer: Issuer, name: string): MadeResponder {
  const responder = readDelegatedResponder(issuer, derOf(folder, `${name}.pem`));
  if (!responder.ok) throw new Error(responder.error.rule);
  return { responder: responder.value, key: createPrivateKey(readFileSync(join(folder, `${name}.key`))) };
}

type Keys = Pick<StatusAuthority, 'issuer' | 'caKey'> & { readonly made: readonly MadeResponder[] };

function softwareSigner({ issuer, caKey, made }: Keys): StatusAuthority['signer'] {
  return {
    reportBadSignature: async () => undefined,
    crl: async (crl) => {
      const signature = createSign(hashFor(issuer.signatureAlgorithm));
      for await (const chunk of crl.chunks) signature.update(chunk);
      const passed = crl.finish();
      if (!passed.ok) return passed;
      redeemLintToken(passed.value);
      return ok(new Uint8Array(signature.sign(caKey)));
    },
    ocsp: async (token) => {
      const data = redeemLintToken(token);
      // As the real one: by the key that the answer names.
      const named = made.find(({ responder }) => Buffer.from(data).includes(Buffer.from(responder.keyHash))) ?? made[0];
      if (named === undefined) throw new Error('there is a first one');
      return ok(new Uint8Array(sign(hashFor(named.responder.signatureAlgorithm), data, named.key)));
    },
  };
}

/** A signer that is not there. */
export const ABSENT_SIGNER: Pick<Signer, 'crl' | 'ocsp' | 'reportBadSignature'> = {
  crl: async () => err({ kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'a test' }),
  ocsp: async () => err({ kind: 'signer-unavailable', retryAfterMs: 1_000, detail: 'a test' }),
  reportBadSignature: async () => undefined,
};

export const SILENT_LOG = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function collect(chunks: AsyncIterable<Bytes>): Promise<Bytes> {
  const parts: Bytes[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return new Uint8Array(Buffer.concat(parts));
}

export async function* batches<Item>(items: readonly Item[], size = 1_000): AsyncGenerator<readonly Item[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}

/** Ascending serial numbers of 16 octets, spread over the whole range. */
export function serialOf(index: number): string {
  return `${(index + 1).toString(16).padStart(8, '0')}${'a5'.repeat(12)}`;
}
