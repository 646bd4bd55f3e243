/**
 * `pfcng relint` beside a running service: what a changed policy finds in certificates of before,
 * by rule and profile.
 */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IssuedCertificate } from '../../../support/service/client.js';
import { bodyOf } from '../../../support/service/orders.js';
import { runPfcng } from '../../../support/service/service.js';
import { type SharedService, sharedService } from '../../../support/service/shared.js';

type Report = {
  readonly certificates: number;
  readonly findings: readonly { readonly profile: string; readonly rule: string; readonly count: number }[];
};

/** Rules about addresses that every certificate with a status names. */
const ADDRESSES = [
  'e_cps_aia_names_issuer',
  'e_cps_aia_names_ocsp_responder',
  'e_cps_crl_distribution_points_are_issuers',
  'e_cps_freshest_crl_is_issuers',
];

describe('pfcng relint', () => {
  let shared: SharedService;
  let folder: string;
  let issued: IssuedCertificate;

  before(async function startIt() {
    shared = await sharedService('p-256');
    folder = mkdtempSync(join(tmpdir(), 'pfcng-relint-'));
    const body = () => ({ body: bodyOf('elementaire/org-auth-cli') });
    for (const _ of [1, 2])
      issued = await shared.as('card-management').expect<IssuedCertificate>('POST', '/v1/certificates', body());
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const relint = (...args: readonly string[]) => runPfcng(underItsPolicy(), 'relint', ...args);
  const reportOf = (stdout: string) => JSON.parse(stdout) as Report;

  /**
   * The home folder with a copy of its policies. The ceremonies of the tests had another public
   * address, so the certificates of their responders and CMP signers name other addresses.
   */
  function underItsPolicy() {
    const { configFile } = shared.service.at;
    const config = JSON.parse(readFileSync(configFile, 'utf8')) as { readonly policies: string };
    const policies = join(folder, 'policies');
    cpSync(config.policies, policies, { recursive: true });
    const environment = join(policies, 'environments/development.json');
    const profiles = ['fort', 'standard', 'elementaire'].flatMap((one) => [`${one}/ocsp-pp`, `${one}/ocsp-org`]);
    const expires = '2099-01-01T00:00:00Z';
    const why = { reason: 'the address of the tests', approver: 'officer-1' };
    const answering = ['fort/cmp-pp', 'standard/cmp-pp', 'elementaire/cmp-pp', 'elementaire/cmp-org'];
    const lintExceptions = [
      { rule: 'e_cps_policy_points_to_practice_statement', profiles: [...profiles, ...answering], expires, ...why },
      ...ADDRESSES.map((rule) => ({ rule, profiles: answering, expires, ...why })),
    ];
    const before = JSON.parse(readFileSync(environment, 'utf8')) as object;
    writeFileSync(environment, JSON.stringify({ ...before, lintExceptions }));
    const copy = join(folder, 'config.json');
    writeFileSync(copy, JSON.stringify({ ...config, policies }));
    return { ...shared.service.at, configFile: copy };
  }

  /** Another copy, in which one profile accepts other keys. */
  function underStricterPolicy() {
    const at = underItsPolicy();
    const policies = join(folder, 'policies');
    const file = join(policies, 'elementaire/profiles/org-auth-cli.json');
    const { notes, sources, ...profile } = JSON.parse(readFileSync(file, 'utf8')) as Record<
      string,
      Record<string, string>
    >;
    const whole = (members: Record<string, string> = {}) =>
      Object.fromEntries(Object.entries(members).filter(([pointer]) => !pointer.startsWith('/keyTypes/')));
    const changed = { ...profile, notes: whole(notes), sources: whole(sources), keyTypes: ['rsa-4096'] };
    writeFileSync(file, JSON.stringify(changed));
    return at;
  }

  it('finds nothing with the policy under which the certificates were issued', async () => {
    const { status, stdout, stderr } = await relint('--json');
    assert.equal(status, 0, stderr);
    const { certificates, findings } = reportOf(stdout);
    assert.deepEqual(findings, []);
    assert.ok(certificates >= 2);
    assert.match(
      (await relint()).stdout,
      /certificats contrôlés, aucune anomalie \/ \d+ certificates checked, no finding/,
    );
  });

  it('counts the findings of a stricter policy by rule and profile, and lists the first ones', async () => {
    const { status, stdout, stderr } = await runPfcng(underStricterPolicy(), 'relint');
    assert.equal(status, 1, stderr);
    assert.match(stdout, /^elementaire\/org-auth-cli {2}e_cps_key_type_is_allowed: \d+$/m);
    assert.ok(stdout.includes(`  ${issued.id}: `), stdout);
    assert.equal(stdout.split('e_cps_').length, 2, 'no other rule');
  });

  it('continues at the position in the state file, and removes it at the end', async () => {
    const whole = reportOf((await relint('--json')).stdout);
    const state = join(folder, 'state.json');
    // The state after a page with one certificate, the newest.
    const newest = Buffer.from(`1:${issued.id}`).toString('base64url');
    writeFileSync(state, JSON.stringify({ cursor: newest, certificates: 1, tallies: [] }));
    const rest = reportOf((await relint('--json', '--state', state)).stdout);
    assert.deepEqual(rest, whole);
    assert.equal(existsSync(state), false);
    writeFileSync(state, '{"cursor": 7}');
    const refused = await relint('--state', state);
    assert.equal(refused.status, 1);
    assert.match(refused.stderr, /state\.json: not a state file of relint/);
  });
});
