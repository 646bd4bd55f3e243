/** `openssl cmp`, as a person would type it, against a running service. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judge, openssl, type Verdict } from '../../support/service/judges.js';
import type { Service } from '../../support/service/service.js';

export type OpensslCmp = {
  readonly folder: string;
  /** The path of a file in the folder. */
  readonly file: (name: string) => string;
  readonly read: (name: string) => Buffer;
  /** Options with which the account card-management signs. */
  readonly account: readonly string[];
  /** Options with which it protects by its secret. */
  readonly secret: readonly string[];
  /** Runs `openssl cmp` for a profile, the default being `elementaire/org-auth-cli`. */
  readonly cmp: (args: readonly string[], profile?: string) => Promise<Verdict>;
  /** As `cmp`; the test fails unless it succeeds. */
  readonly succeed: (args: readonly string[], profile?: string) => Promise<Verdict>;
  /** Makes a key and returns its file. */
  readonly newKey: (type?: 'EC' | 'RSA') => Promise<string>;
  /** Returns the file of a request, PKCS#10. */
  readonly newCsr: (key: string, subject: string) => Promise<string>;
  readonly remove: () => void;
};

export async function openOpensslCmp({ at, urls }: Service): Promise<OpensslCmp> {
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-cmp-'));
  const file = (name: string): string => join(folder, name);
  for (const name of ['ACI-EL-ORG.cer', 'ACR-EL.cer']) {
    const answer = await fetch(`${urls.publication}/AC/${name}`);
    assert.equal(answer.status, 200, name);
    writeFileSync(file(name), Buffer.from(await answer.arrayBuffer()));
  }
  const credential = (ending: string): string => join(at.home, 'credentials', `card-management.${ending}`);
  const account = ['-cert', credential('crt.pem'), '-key', credential('key.pem')];
  const secret = ['-ref', 'card-management', '-secret', `file:${credential('secret.txt')}`, '-mac', 'hmacWithSHA256'];
  let made = 0;
  const fresh = (ending: string): string => {
    made += 1;
    return file(`${made}.${ending}`);
  };
  const cmp: OpensslCmp['cmp'] = (args, profile = 'elementaire~org-auth-cli') => {
    const server = `127.0.0.1:${at.ports.cmp}/.well-known/cmp/p/${profile}`;
    const trust = ['-untrusted', file('ACI-EL-ORG.cer'), '-trusted', file('ACR-EL.cer')];
    return judge('openssl', ['cmp', '-config', '', '-server', server, ...trust, ...args]);
  };
  return {
    folder,
    file,
    read: (name) => readFileSync(file(name)),
    account,
    secret,
    cmp,
    succeed: async (args, profile) => {
      const said = await cmp(args, profile);
      assert.equal(said.status, 0, `${said.command}\n${said.output}`);
      return said;
    },
    newKey: async (type = 'EC') => {
      const key = fresh('key.pem');
      const parameter = type === 'EC' ? 'ec_paramgen_curve:P-256' : 'rsa_keygen_bits:3072';
      const generated = await openssl('genpkey', '-algorithm', type, '-pkeyopt', parameter, '-out', key);
      assert.equal(generated.status, 0, generated.output);
      return key;
    },
    newCsr: async (key, subject) => {
      const csr = fresh('csr.pem');
      const written = await openssl('req', '-new', '-key', key, '-subj', subject, '-out', csr);
      assert.equal(written.status, 0, written.output);
      return csr;
    },
    remove: () => rmSync(folder, { recursive: true }),
  };
}
