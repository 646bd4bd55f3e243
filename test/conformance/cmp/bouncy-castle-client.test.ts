/**
 * A CMP client on Bouncy Castle gets certificates under each kind of protection, alone, vouched for
 * and in a batch, and encrypted. OpenSSL knows neither PBMAC1 nor HMAC nor KMAC, sends no nested
 * message and asks for no EnvelopedData, so that nothing else would show a fault in these.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromHex } from '../../../src/kernel/bytes.js';
import { makeServiceHome, PACKAGE_ROOT, removeServiceHome } from '../../support/service/home.js';
import { judge } from '../../support/service/judges.js';
import { nextNumber } from '../../support/service/orders.js';
import { createService, type Service } from '../../support/service/service.js';

const SOURCE = join(PACKAGE_ROOT, 'test/conformance/cmp/CmpClient.java');
const JARS = ['bcprov', 'bcpkix', 'bcutil'].map((name) => `/usr/share/java/${name}.jar`).join(':');

/** What the client does, as `CmpClient.java` names it, with the profile. */
const WAYS = {
  'a MAC by a password (PBM)': ['pbm', 'elementaire/org-auth-cli'],
  PBMAC1: ['pbmac1', 'elementaire/org-auth-cli'],
  'HMAC by the secret itself': ['hmac', 'elementaire/org-auth-cli'],
  'KMAC by the secret itself': ['kmac', 'elementaire/org-auth-cli'],
  'a signature': ['signature', 'elementaire/org-auth-cli'],
  'a signature and a named hash in certConf (pvno 3)': ['hash', 'elementaire/org-auth-cli'],
  'a signature, encrypted to its key (pvno 3)': ['encrypted', 'elementaire/org-conf'],
  'a MAC, inside a message of an account that vouches for it': ['vouched', 'elementaire/org-auth-cli'],
  'a MAC, inside a batch': ['batch', 'elementaire/org-auth-cli'],
} as const;

describe('a CMP client on Bouncy Castle gets and confirms a certificate by', () => {
  let service: Service;
  let folder: string;
  let answers: ReadonlyMap<string, string> = new Map();

  before(async () => {
    service = createService(await makeServiceHome('p-256'));
    await service.start();
    folder = mkdtempSync(join(tmpdir(), 'pfcng-cmp-'));
    const authority = await fetch(`${service.urls.publication}/AC/ACI-EL-ORG.cer`);
    writeFileSync(join(folder, 'ca.der'), Buffer.from(await authority.arrayBuffer()));
    const lines = Object.entries(WAYS).map(
      ([title, [way, profile]]) => `${title}\t${way}\t${profile}\tBC-${nextNumber()}`,
    );
    writeFileSync(join(folder, 'enrolments'), `${lines.join('\n')}\n`);
    const classes = ['-J-XX:TieredStopAtLevel=1', '-proc:none', '-cp', JARS, '-d', folder];
    const compiled = await judge('javac', [...classes, SOURCE]);
    assert.equal(compiled.status, 0, compiled.output);
    const credential = (ending: string): string => join(service.at.home, 'credentials', `card-management.${ending}`);
    const secret = readFileSync(credential('secret.txt'), 'utf8').trim();
    const address = `http://127.0.0.1:${service.at.ports.cmp}/.well-known/cmp`;
    const account = ['card-management', secret, credential('crt.pem'), credential('key.pem')];
    const files = [join(folder, 'ca.der'), join(folder, 'enrolments')];
    const program = ['-XX:+UseSerialGC', '-cp', `${JARS}:${folder}`, 'CmpClient'];
    const said = await judge('java', [...program, address, ...account, ...files]);
    assert.equal(said.status, 0, said.output);
    answers = new Map(
      said.bytes
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t') as [string, string]),
    );
  });

  after(async () => {
    await service.stop();
    removeServiceHome(service.at);
    rmSync(folder, { recursive: true });
  });

  for (const title of Object.keys(WAYS))
    it(title, () => {
      const octets = fromHex(answers.get(title) ?? 'nothing');
      assert.ok(octets !== null, answers.get(title));
      const certificate = new X509Certificate(octets);
      assert.match(certificate.subject, /CN=BC-/);
      const authority = new X509Certificate(readFileSync(join(folder, 'ca.der')));
      assert.ok(certificate.verify(authority.publicKey));
    });
});
