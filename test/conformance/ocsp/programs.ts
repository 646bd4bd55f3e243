/** Programs that ask an OCSP responder about certificates of one issuer. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge, openssl } from '../../support/service/judges.js';
import { type Evidence, oneLine, type Path, type Verdicts, verdictsOf } from '../paths/judge.js';
import { databaseOf } from '../paths/nss.js';

export type Asked = Pick<Evidence, 'folder' | 'authorities' | 'paths'> & {
  readonly responder: string;
  /** Of an issuer that the responder does not answer for: PEM. */
  readonly foreign: string;
};

const OCSP_FOLDER = join(PACKAGE_ROOT, 'test/conformance/ocsp');
const LIBRARY = '/usr/share/java/bcprov.jar';

/** Status and reason of one certificate, as the program puts it; null: good. */
export function judgeByOpenssl({ paths, responder }: Asked, hash: '-sha1' | '-sha256'): Promise<Verdicts> {
  return verdictsOf(paths, async ({ leaf, issuer, root }) => {
    const trust = ['-issuer', issuer.certificate, '-CAfile', root.certificate];
    const { output } = await openssl('ocsp', hash, '-no_nonce', ...trust, '-cert', leaf, '-url', responder);
    assert.ok(output.includes('Response verify OK') && !/WARNING|rror/.test(output), output);
    const said = /: (good|revoked|unknown)/.exec(output)?.[1];
    return said === 'good' ? null : `${said} ${/Reason: (\w+)/.exec(output)?.[1] ?? ''}`.trim();
  });
}

/** All in one request: what OpenSSL says of each. */
export async function judgeTogether({ paths, responder }: Asked): Promise<Verdicts> {
  const [first] = paths;
  assert.ok(first);
  const trust = ['-issuer', first.issuer.certificate, '-CAfile', first.root.certificate];
  const certificates = paths.flatMap(({ leaf }) => ['-cert', leaf]);
  const { output } = await openssl('ocsp', '-no_nonce', ...trust, ...certificates, '-url', responder);
  assert.ok(output.includes('Response verify OK') && !/WARNING|rror/.test(output), output);
  return verdictsOf(paths, async ({ leaf }) => {
    const own = output.slice(output.indexOf(`${leaf}: `) + leaf.length + 2).split('.pem: ')[0] ?? '';
    return own.startsWith('good') ? null : `${/^\w+/.exec(own)?.[0]} ${/Reason: (\w+)/.exec(own)?.[1] ?? ''}`.trim();
  });
}

/** ocsptool builds no chain for the responder: the issuing CA is what it is told to trust. */
export function judgeByGnutls({ paths, responder }: Asked): Promise<Verdicts> {
  return verdictsOf(paths, async ({ leaf, issuer: { certificate } }) => {
    const files = ['--load-cert', leaf, '--load-issuer', certificate, '--load-trust', certificate];
    const { output } = await judge('ocsptool', [`--ask=${responder}`, ...files]);
    assert.ok(output.includes('Verifying OCSP Response: Success'), output);
    const said = /Certificate Status: (\w+)/.exec(output)?.[1] ?? oneLine(output);
    return said === 'good' ? null : said;
  });
}

/** It asks where the certificate says, and only about the leaf. */
export async function judgeByNss(asked: Asked): Promise<Verdicts> {
  const database = await databaseOf(asked);
  return verdictsOf(asked.paths, async ({ leaf }) => {
    const checks = ['-g', 'leaf', '-m', 'ocsp', '-s', 'failIfNoInfo'];
    const { status, output } = await judge('vfychain', ['-d', database, '-pp', '-u', '0', ...checks, '-a', leaf]);
    return status === 0 && output === 'Chain is good!\n' ? null : oneLine(output);
  });
}

/**
 * At the responder that it is told of, which the issuer may name. Of the program's options none
 * counts after `-a`. It calls revoked what nobody whom it trusts has signed, too: that it verifies
 * signatures of this key is seen where it accepts.
 */
export async function judgeByNssAt({ responder, ...asked }: Asked): Promise<Verdicts> {
  const database = await databaseOf(asked);
  return verdictsOf(asked.paths, async ({ leaf, issuer }) => {
    const where = ['-d', database, '-l', responder, '-t', issuer.id];
    const { output } = await judge('ocspclnt', [...where, '-u', 'c', '-V', leaf, '-a']);
    return output === `Verification of certificate "${leaf}" succeeded.\n` ? null : oneLine(output);
  });
}

/** By judge: the JDK and Bouncy Castle. */
export async function judgeByJava({ folder, paths, responder }: Asked): Promise<ReadonlyMap<string, Verdicts>> {
  const [first] = paths;
  assert.ok(first);
  const classes = join(folder, 'ocsp-classes');
  // Once, however often it is asked.
  if (!existsSync(classes)) {
    mkdirSync(classes);
    const options = ['-J-XX:TieredStopAtLevel=1', '-proc:none', '-cp', LIBRARY, '-d', classes];
    const compiled = await judge('javac', [...options, join(OCSP_FOLDER, 'OcspJudge.java')]);
    assert.equal(compiled.status, 0, compiled.output);
  }
  const files = [first.root.certificate, first.issuer.certificate, ...paths.map(({ leaf }) => leaf)];
  const run = ['-XX:+UseSerialGC', '-cp', `${LIBRARY}:${classes}`, 'OcspJudge', responder, ...files];
  const { status, output, bytes } = await judge('java', run);
  assert.equal(status, 0, output);
  const lines = bytes
    .toString('utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  const verdictOf = (name: string, { leaf }: Path): string | null => {
    const said = lines.find(([by, about]) => by === name && about === leaf)?.[2] ?? 'nothing';
    return said === 'accepted' ? null : said;
  };
  return new Map(
    ['JDK', 'Bouncy Castle'].map((name) => [name, new Map(paths.map((path) => [path.name, verdictOf(name, path)]))]),
  );
}

export type PycaSaid = { readonly about: string; readonly hash: string; readonly said: string };

export async function askByPyca({ paths, responder, foreign }: Asked): Promise<readonly PycaSaid[]> {
  const [first] = paths;
  assert.ok(first);
  const files = [first.issuer.certificate, foreign, ...paths.map(({ leaf }) => leaf)];
  const { status, output } = await judge('python3', [join(OCSP_FOLDER, 'ask.py'), responder, ...files]);
  assert.equal(status, 0, output);
  return output
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as PycaSaid);
}
