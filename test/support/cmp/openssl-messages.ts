/**
 * Messages that `openssl cmp` and its mock server exchange in one process, as it writes them with
 * `-reqout` and `-rspout`.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bytes } from '../../../src/kernel/bytes.js';
import { openssl } from '../../unit/asn1/openssl.js';

/** `name`: the run and the place of the message in it: `cr-request-1`. */
export type CapturedMessage = { readonly name: string; readonly octets: Bytes };

const MAC = ['-ref', 'device-1', '-secret', 'pass:1234'];
const SIGNATURE = ['-cert', 'client.pem', '-key', 'client.key', '-untrusted', 'ca.pem'];
const OUT = ['-certout', 'out.pem'];
const NEW = ['-newkey', 'client.key', '-subject', '/C=FR/O=Organisation/CN=APP-1', ...OUT];

/** Arguments of the client and of the mock server, by the name of the run. */
const RUNS: Readonly<Record<string, readonly string[]>> = {
  ir: ['-cmd', 'ir', ...MAC, ...NEW, '-mac', 'hmacWithSHA256', '-sans', 'app.example.org', '-days', '30'],
  'ir by another digest': ['-cmd', 'ir', ...MAC, ...NEW, '-digest', 'sha512', '-regtoken', 'token'],
  cr: ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-poll_count', '2', '-check_after', '1'],
  'cr for encryption': ['-cmd', 'cr', ...SIGNATURE, '-newkey', 'rsa.key', '-subject', '/CN=A', '-popo', '2', ...OUT],
  'cr for a key of the CA': ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-popo', '-1', '-newkeyout', 'key.pem'],
  'cr, implicitly confirmed': ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-implicit_confirm', '-grant_implicitconf'],
  'cr, verified by an RA': ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-popo', '0', '-disable_confirm'],
  p10cr: ['-cmd', 'p10cr', ...SIGNATURE, '-csr', 'request.pem', ...OUT],
  kur: ['-cmd', 'kur', ...SIGNATURE, '-newkey', 'client.key', '-oldcert', 'client.pem', '-profile', 'a/b', ...OUT],
  rr: ['-cmd', 'rr', ...SIGNATURE, '-oldcert', 'client.pem', '-revreason', '4'],
  'rr by number': ['-cmd', 'rr', ...SIGNATURE, '-issuer', '/CN=CA', '-serial', '0x80aabb'],
  caCerts: [
    '-cmd',
    'genm',
    ...SIGNATURE,
    '-infotype',
    'caCerts',
    '-cacertsout',
    'out.pem',
    '-geninfo',
    '2.5.4.3:int:987',
  ],
  rootCaCert: [
    '-cmd',
    'genm',
    ...SIGNATURE,
    '-infotype',
    'rootCaCert',
    '-oldwithold',
    'ca.pem',
    '-newwithnew',
    'out.pem',
  ],
  certReqTemplate: ['-cmd', 'genm', ...MAC, '-infotype', 'certReqTemplate', '-template', 'out.der'],
  crlStatusList: ['-cmd', 'genm', ...MAC, '-infotype', 'crlStatusList', '-crlcert', 'client.pem', '-crlout', 'out.pem'],
  refused: ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-pkistatus', '2', '-failurebits', '524800', '-statusstring', 'why'],
  error: ['-cmd', 'cr', ...SIGNATURE, ...NEW, '-send_error'],
};

/** `folder` is empty. The runs may end with an error: what counts is what they have sent. */
export function captureMessages(folder: string): readonly CapturedMessage[] {
  const path = (name: string) => join(folder, name);
  const ec = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-noenc'];
  openssl(['req', '-x509', ...ec, '-keyout', path('ca.key'), '-out', path('ca.pem'), '-subj', '/CN=CA']);
  const leaf = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-addext', 'keyUsage=digitalSignature'];
  openssl([
    'req',
    '-x509',
    ...leaf,
    ...ec,
    '-keyout',
    path('client.key'),
    '-out',
    path('client.pem'),
    '-subj',
    '/CN=C',
  ]);
  openssl(['genrsa', '-out', path('rsa.key'), '2048']);
  const request = ['-subj', '/CN=APP-3', '-addext', 'subjectAltName=DNS:a.example.org', '-out', path('request.pem')];
  openssl(['req', '-new', '-key', path('client.key'), ...request]);
  return Object.entries(RUNS).flatMap(([name, options]) => captureRun(folder, name, options));
}

const MESSAGES_MAX = 6;

function captureRun(folder: string, name: string, options: readonly string[]): readonly CapturedMessage[] {
  // OpenSSL separates the names of files by commas and spaces.
  const nameOf = (kind: string, at: number) => `${name.replace(/\W+/g, '-')}-${kind}-${at + 1}`;
  const files = (kind: string) => Array.from({ length: MESSAGES_MAX }, (_, at) => nameOf(kind, at));
  const [requests, answers] = [files('request'), files('answer')];
  const server = ['-use_mock_srv', '-srv_cert', 'client.pem', '-srv_key', 'client.key', '-srv_trusted', 'ca.pem'];
  const answer = [
    '-srv_ref',
    'device-1',
    '-srv_secret',
    'pass:1234',
    '-rsp_cert',
    'client.pem',
    '-rsp_capubs',
    'ca.pem',
  ];
  const written = ['-reqout', requests.join(), '-rspout', answers.join()];
  const client = ['-trusted', 'ca.pem', '-recipient', '/CN=CA', ...options];
  spawnSync('openssl', ['cmp', '-config', '', ...server, ...answer, ...client, ...written], { cwd: folder });
  return [...requests, ...answers].flatMap((file) => {
    const path = join(folder, file);
    return existsSync(path) ? [{ name: file, octets: new Uint8Array(readFileSync(path)) }] : [];
  });
}
