/**
 * What a relying party has on disk: roots, issuing CAs and CRLs from their public addresses, and
 * certificates to judge.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate } from './client.js';
import { toPem } from './csr.js';
import { openssl, type Verdict } from './judges.js';

/** Root of an issuing CA: `aci-fo-pp` -> `acr-fo`. */
export function rootOf(ca: string): string {
  return `acr-${ca.split('-')[1] ?? ''}`;
}

export const ISSUING = ['aci-fo-pp', 'aci-fo-org', 'aci-st-pp', 'aci-st-org', 'aci-el-pp', 'aci-el-org'] as const;
export const ROOTS = ['acr-fo', 'acr-st', 'acr-el'] as const;

export async function fetchBytes(url: string, init: RequestInit = {}): Promise<Buffer> {
  const answer = await fetch(url, init);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.status !== 200) throw new Error(`${url}: ${answer.status} ${bytes.toString('utf8').slice(0, 200)}`);
  return bytes;
}

export type RelyingParty = {
  readonly folder: string;
  readonly path: (file: string) => string;
  /** Writes PEM files `<ca>.pem` and `<ca>.crl.pem` of every CA and root, fetched now. */
  readonly fetchAll: () => Promise<void>;
  readonly fetchCrl: (ca: string) => Promise<Buffer>;
  /** The certificate that comes with an OCSP answer of this CA; path of its PEM. */
  readonly fetchResponder: (ca: string) => Promise<string>;
  readonly write: (name: string, content: string | Buffer) => string;
  /** Path of the copy. */
  readonly copy: (from: string, to: string) => string;
  /** `openssl verify` of a certificate file against the root, chain and CRLs that are on disk. */
  readonly verify: (file: string, ca: string) => Promise<Verdict>;
  readonly ocsp: (file: string, ca: string, ...options: readonly string[]) => Promise<Verdict>;
  readonly remove: () => void;
};

export function createRelyingParty(publication: string): RelyingParty {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-relying-'));
  const path = (file: string): string => join(folder, file);
  const write = (name: string, content: string | Buffer): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  const fetchCrl = async (ca: string): Promise<Buffer> => {
    const der = await fetchBytes(`${publication}/CRL/${ca.toUpperCase()}.crl`);
    write(`${ca}.crl.pem`, toPem('X509 CRL', der));
    return der;
  };
  return {
    folder,
    path,
    write,
    copy: (from, to) => write(to, readFileSync(path(from))),
    fetchCrl,
    async fetchResponder(ca) {
      // The serial number was never issued, so that every CA can be asked about it.
      const names = ['-issuer', path(`${ca}.pem`), '-serial', '0x77', '-CAfile', path(`${rootOf(ca)}.pem`)];
      const { output } = await openssl('ocsp', '-no_nonce', ...names, '-url', `${publication}/ocsp`, '-resp_text');
      const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(output)?.[0];
      if (pem === undefined) throw new Error(`no certificate in the answer: ${output}`);
      return write(`${ca}.ocsp.pem`, `${pem}\n`);
    },
    async fetchAll() {
      for (const ca of [...ROOTS, ...ISSUING]) {
        const der = await fetchBytes(`${publication}/AC/${ca.toUpperCase()}.cer`);
        write(`${ca}.pem`, toPem('CERTIFICATE', der));
        await fetchCrl(ca);
      }
    },
    verify: (file, ca) =>
      openssl(
        'verify',
        '-x509_strict',
        '-policy_check',
        '-crl_check_all',
        '-CAfile',
        path(`${rootOf(ca)}.pem`),
        '-untrusted',
        path(`${ca}.pem`),
        '-CRLfile',
        path(`${rootOf(ca)}.crl.pem`),
        '-CRLfile',
        path(`${ca}.crl.pem`),
        file,
      ),
    // Options come first: `-sha256` counts for the certificates named after it.
    ocsp: (file, ca, ...options) =>
      openssl(
        'ocsp',
        ...options,
        '-issuer',
        path(`${ca}.pem`),
        '-CAfile',
        path(`${rootOf(ca)}.pem`),
        '-cert',
        file,
        '-url',
        `${publication}/ocsp`,
      ),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function writeIssued(party: RelyingParty, { id, certificate }: IssuedCertificate): string {
  return party.write(`${id}.pem`, certificate);
}

/** Base64 of an OCSP request about a certificate of `aci-el-org`. */
export async function ocspRequest(publication: string, { serialNumber }: IssuedCertificate): Promise<string> {
  const party = createRelyingParty(publication);
  await party.fetchAll();
  const file = party.path('request.der');
  const made = await openssl(
    'ocsp',
    '-issuer',
    party.path('aci-el-org.pem'),
    '-serial',
    `0x${serialNumber}`,
    '-no_nonce',
    '-reqout',
    file,
  );
  if (made.status !== 0) throw new Error(made.output);
  const der = readFileSync(file).toString('base64');
  party.remove();
  return der;
}
