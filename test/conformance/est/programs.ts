/**
 * EST clients that others have written: curl with OpenSSL, the estclient of libest, the pki of
 * strongSwan, and Bouncy Castle. Each gets a certificate, or says why not.
 */
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../../support/machine/programs.js';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge, openssl, type Verdict } from '../../support/service/judges.js';

export type EstServer = {
  /** `127.0.0.1`, with the port. */
  readonly host: string;
  readonly port: number;
  /** File with the certificates of the root and of the issuing CA, PEM. */
  readonly trust: string;
  /** A file for each of them, as strongSwan takes them. */
  readonly authorities: readonly string[];
};

/** What a client shows to be allowed: a reference with its secret, or a certificate and its key. */
export type EstProof =
  | { readonly reference: string; readonly secret: string }
  | { readonly certificate: string; readonly key: string };

/** A key and its request, in files of a folder. */
export type KeyFiles = {
  readonly folder: string;
  readonly key: string;
  /** PKCS#10 as DER. */
  readonly request: string;
};

type WantedRequest = {
  readonly type: 'EC' | 'RSA';
  /** As `openssl req -subj` takes it. */
  readonly subject: string;
  readonly dns?: readonly string[];
};

export async function makeKeyFiles(folder: string, { type, subject, dns = [] }: WantedRequest): Promise<KeyFiles> {
  mkdirSync(folder, { recursive: true });
  const [key, request] = [join(folder, 'key.pem'), join(folder, 'request.der')];
  const names = dns.length === 0 ? [] : ['-addext', `subjectAltName=${dns.map((name) => `DNS:${name}`).join()}`];
  const parameter = type === 'EC' ? 'ec_paramgen_curve:P-256' : 'rsa_keygen_bits:3072';
  await openssl('genpkey', '-algorithm', type, '-pkeyopt', parameter, '-out', key);
  const args = ['req', '-new', '-utf8', '-key', key, '-subj', subject, ...names, '-outform', 'DER', '-out', request];
  const made = await openssl(...args);
  assert.equal(made.status, 0, made.output);
  return { folder, key, request };
}

/** Returns the file of the certificate, PEM; the output of the client where it failed. */
export type Enrolment = { readonly certificate: string | null; readonly output: string };

export async function enrolByCurl(server: EstServer, keys: KeyFiles, asked: EnrolmentInput): Promise<Enrolment> {
  const { label, proof, renews } = asked;
  const encoded = join(keys.folder, 'request.b64');
  writeFileSync(encoded, readFileSync(keys.request).toString('base64'));
  const url = `https://${server.host}:${server.port}/.well-known/est/${label}/${renews ? 'simplereenroll' : 'simpleenroll'}`;
  const identity =
    'secret' in proof
      ? ['--user', `${proof.reference}:${proof.secret}`]
      : ['--cert', proof.certificate, '--key', proof.key];
  const type = ['-H', 'Content-Type: application/pkcs10', '--data-binary', `@${encoded}`];
  const said = await judge('curl', ['-sS', '--fail-with-body', '--cacert', server.trust, ...identity, ...type, url]);
  return said.status === 0
    ? written(keys, await fromMessage(Buffer.from(said.bytes.toString(), 'base64')))
    : failed(said);
}

type EnrolmentInput = { readonly label: string; readonly proof: EstProof; readonly renews: boolean };

export async function enrolByStrongswan(server: EstServer, keys: KeyFiles, asked: EnrolmentInput): Promise<Enrolment> {
  const { label, proof } = asked;
  const identity =
    'secret' in proof
      ? ['--userpass', `${proof.reference}:${proof.secret}`]
      : ['--cert', proof.certificate, '--key', proof.key];
  const where = ['--url', `https://${server.host}:${server.port}`, '--label', label, ...cacerts(server)];
  const said = await judge('pki', ['--est', ...where, '--in', keys.request, ...identity, '--outform', 'pem']);
  const pem = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n/.exec(said.bytes.toString())?.[0];
  return said.status === 0 && pem !== undefined ? written(keys, pem) : failed(said);
}

export function cacerts({ authorities }: EstServer): readonly string[] {
  return authorities.flatMap((file) => ['--cacert', file]);
}

/** The build of Debian knows no labels. `options`: `-g`, `-a`, `-e` and others. */
export async function runLibest(
  server: EstServer,
  folder: string,
  options: readonly string[],
): Promise<Verdict & { readonly files: readonly string[] }> {
  mkdirSync(folder, { recursive: true });
  const args = [...options, '-s', server.host, '-p', String(server.port), '-o', folder, '--pem-output'];
  const env = { ...process.env, EST_OPENSSL_CACERT: server.trust };
  const { status, stdout, stderr } = await runProgram({ program: 'estclient', args, input: '', env });
  const output = Buffer.concat([stdout, stderr]).toString('utf8');
  const files = readdirSync(folder).filter((name) => /^(cacert|csr|cert)-0-0\./.test(name));
  return { status, output, bytes: stdout, command: `estclient ${args.join(' ')}`, files };
}

const JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`).join(':');

/** A line for each certificate; see `EstClient.java`. */
export async function enrolByBouncyCastle(
  server: EstServer,
  folder: string,
  lines: readonly (readonly string[])[],
): Promise<readonly string[]> {
  const classes = join(folder, 'classes');
  const source = join(PACKAGE_ROOT, 'test/conformance/est/EstClient.java');
  const compiled = await judge('javac', [
    '-J-XX:TieredStopAtLevel=1',
    '-proc:none',
    '-cp',
    JARS,
    '-d',
    classes,
    source,
  ]);
  assert.equal(compiled.status, 0, compiled.output);
  const list = join(folder, 'enrolments.list');
  writeFileSync(list, lines.map((fields) => `${fields.join('\t')}\n`).join(''));
  const path = `${JARS}:${classes}`;
  const place = `${server.host}:${server.port}`;
  const said = await judge('java', ['-XX:+UseSerialGC', '-cp', path, 'EstClient', place, server.trust, list]);
  assert.equal(said.status, 0, said.output);
  return said.bytes.toString().trimEnd().split('\n');
}

async function fromMessage(der: Buffer): Promise<string> {
  const read = await judge('openssl', ['pkcs7', '-inform', 'DER', '-print_certs'], der);
  assert.equal(read.status, 0, read.output);
  return read.output;
}

function written({ folder }: KeyFiles, pem: string): Enrolment {
  const certificate = join(folder, 'certificate.pem');
  writeFileSync(certificate, pem);
  return { certificate, output: '' };
}

function failed({ output, command }: Verdict): Enrolment {
  return { certificate: null, output: `${command}\n${output}` };
}
