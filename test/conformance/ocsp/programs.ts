/** Programs that request OCSP status of the certificates of one issuer. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_ROOT } from '../../support/service/home.js';
import { judge, openssl } from '../../support/service/judges.js';
import { type Evidence, oneLine, type Path, type Verdicts, verdictsOf } from '../paths/judge.js';
import { databaseOf } from '../paths/nss.js';

export type OcspQuestion = Pick<Evidence, 'folder' | 'authorities' | 'paths'> & {
  readonly responder: string;
  /** A certificate of an issuer that the responder does not serve: PEM. */
  readonly foreign: string;
};

const OCSP_FOLDER = join(PACKAGE_ROOT, 'test/conformance/ocsp');
const LIBRARY = '/usr/share/java/bcprov.jar';

/** Status and reason of each certificate, as the program prints them; null: good. */
export function judgeByOpenssl({ paths, responder }: OcspQuestion, hash: '-sha1' | '-sha256'): Promise<Verdicts> {
  return verdictsOf(paths, async ({ leaf, issuer, root }) => {
    const trust = ['-issuer', issuer.certificate, '-CAfile', root.certificate];
    const { output } = await openssl('ocsp', hash, '-no_nonce', ...trust, '-cert', leaf, '-url', responder);
    assert.ok(output.includes('Response verify OK') && !/WARNING|rror/.test(output), output);
    const said = /: (good|revoked|unknown)/.exec(output)?.[1];
    return said === 'good' ? null : `${said} ${/Reason: (\w+)/.exec(output)?.[1] ?? ''}`.trim();
  });
}

/** What OpenSSL says of each certificate when one request asks for all. */
export async function judgeTogether({ paths, responder }: OcspQuestion): Promise<Verdicts> {
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

/** ocsptool builds no chain for the responder: it is given the issuing CA as trusted. */
export function judgeByGnutls({ paths, responder }: OcspQuestion): Promise<Verdicts> {
  return verdictsOf(paths, async ({ leaf, issuer: { certificate } }) => {
    const files = ['--load-cert', leaf, '--load-issuer', certificate, '--load-trust', certificate];
    const { output } = await judge('ocsptool', [`--ask=${responder}`, ...files]);
    assert.ok(output.includes('Verifying OCSP Response: Success'), output);
    const said = /Certificate Status: (\w+)/.exec(output)?.[1] ?? oneLine(output);
    return said === 'good' ? null : said;
  });
}

/** NSS uses the address in the certificate, and checks the leaf only. */
export async function judgeByNss(asked: OcspQuestion): Promise<Verdicts> {
  const database = await databaseOf(asked);
  return verdictsOf(asked.paths, async ({ leaf }) => {
    const checks = ['-g', 'leaf', '-m', 'ocsp', '-s', 'failIfNoInfo'];
    const { status, output } = await judge('vfychain', ['-d', database, '-pp', '-u', '0', ...checks, '-a', leaf]);
    return status === 0 && output === 'Chain is good!\n' ? null : oneLine(output);
  });
}

/**
 * At a given responder, named by its issuer. No option of the program after `-a` has an effect. It
 * reports a response by an untrusted signer as revoked too, so that its verification of signatures
 * with this key shows only where it accepts.
 */
export async function judgeByNssAt({ responder, ...asked }: OcspQuestion): Promise<Verdicts> {
  const database = await databaseOf(asked);
  return verdictsOf(asked.paths, async ({ leaf, issuer }) => {
    const where = ['-d', database, '-l', responder, '-t', issuer.id];
    const { output } = await judge('ocspclnt', [...where, '-u', 'c', '-V', leaf, '-a']);
    return output === `Verification of certificate "${leaf}" succeeded.\n` ? null : oneLine(output);
  });
}

/** The verdicts of the JDK and of Bouncy Castle. */
export async function judgeByJava({ folder, paths, responder }: OcspQuestion): Promise<ReadonlyMap<string, Verdicts>> {
  const [first] = paths;
  assert.ok(first);
  const classes = join(folder, 'ocsp-classes');
  // Compiled once per run.
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

export async function askByPyca({ paths, responder, foreign }: OcspQuestion): Promise<readonly PycaSaid[]> {
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
