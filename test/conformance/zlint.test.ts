/**
 * Compares with zlint, the linter of the web's certificates: every lint of zlint is in our table,
 * and neither linter has a finding about a thousand certificates of a running service.
 */
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { authoritiesAmong, lintItem } from '../../src/cli/lint/item.js';
import { STRICT_DER } from '../../src/lint/certificate/lint.js';
import { AUTHORITY_RULES, CERTIFICATE_RULES } from '../../src/lint/certificate/lists/platform.js';
import { ANY_AUTHORITY_RULES, ANY_END_ENTITY_RULES, ANY_RULES } from '../../src/lint/certificate/lists/standards.js';
import { ZLINT_LINTS } from '../../src/lint/published/zlint.js';
import { HOLDER_KEY_TYPES } from '../../src/x509/model.js';
import type { IssuedCertificate } from '../support/service/client.js';
import { fromPem } from '../support/service/csr.js';
import { createRelyingParty, ISSUING, ROOTS } from '../support/service/files.js';
import { PROFILES } from '../support/service/orders.js';
import { sharedService } from '../support/service/shared.js';
import { withPemFiles } from './zlint/corpus.js';
import { issueMany } from './zlint/issue.js';
import { isFinding, lintsOfZlint, zlintOf } from './zlint/judge.js';

/** Some are on curves that zlint does not support. */
const CERTIFICATES = 1_010;
const READ_MIN = 1_000;

/**
 * Lints that find fault with certificates of ours; the table says of each why it does not hold
 * here.
 */
const DO_NOT_HOLD: ReadonlySet<string> = new Set([
  'e_mp_ecdsa_pub_key_encoding_correct',
  'e_organizational_unit_name_prohibited',
  'e_sub_cert_basic_constraints_not_critical',
  'e_sub_cert_valid_time_longer_than_825_days',
  'e_tls_server_cert_valid_time_longer_than_398_days',
  'n_multiple_subject_rdn',
  'w_ct_sct_policy_count_unsatisfied',
  'w_ext_subject_key_identifier_not_recommended_subscriber',
  'w_sub_cert_aia_contains_internal_names',
  'w_subject_common_name_included',
  'w_tls_server_cert_valid_time_longer_than_397_days',
]);

/** Further ones, for authorities and responders. */
const DO_NOT_HOLD_OF_AUTHORITIES: ReadonlySet<string> = new Set([
  'n_ca_digital_signature_not_set',
  'n_mp_allowed_eku',
  'n_sub_ca_eku_missing',
  'w_ct_sct_policy_count_unsatisfied',
  'w_root_ca_contains_cert_policy',
  'w_sub_ca_aia_does_not_contain_issuing_ca_url',
  'w_sub_ca_aia_missing',
]);

describe('the table of the lints of zlint', () => {
  it('has every lint of the program, once, and no other', async () => {
    const listed = (await lintsOfZlint()).map(({ name }) => name);
    assert.deepEqual(ZLINT_LINTS.flatMap(({ lints }) => lints).sort(), listed.sort());
  });

  it('compares rules for any certificate', () => {
    const any: ReadonlySet<string> = new Set(
      [STRICT_DER, ...ANY_RULES, ...ANY_END_ENTITY_RULES, ...ANY_AUTHORITY_RULES].map(({ name }) => name),
    );
    const compared = ZLINT_LINTS.flatMap((row) => ('sameAs' in row ? row.sameAs : []));
    assert.deepEqual(
      compared.filter((rule) => !any.has(rule)),
      [],
    );
  });

  it('names existing rules, and a reason where none checks the same', () => {
    const own: ReadonlySet<string> = new Set([...CERTIFICATE_RULES, ...AUTHORITY_RULES].map(({ name }) => name));
    for (const row of ZLINT_LINTS) {
      if ('excludedBy' in row)
        assert.deepEqual(
          row.excludedBy.filter((rule) => !own.has(rule)),
          [],
        );
      if ('why' in row) assert.match(row.why, /\S{3}/);
    }
    const excused = new Set(ZLINT_LINTS.flatMap((row) => ('why' in row ? row.lints : [])));
    assert.deepEqual(
      [...DO_NOT_HOLD, ...DO_NOT_HOLD_OF_AUTHORITIES].filter((lint) => !excused.has(lint)),
      [],
    );
  });
});

/** Lints that find fault with them, all of which are excused; brainpool is beyond zlint. */
async function complaints(pems: readonly string[], excused: ReadonlySet<string>): Promise<Complaints> {
  const certificates = pems.map((pem) => ({ der: new Uint8Array(fromPem(pem)[0] ?? []) }));
  const lints = new Set<string>();
  let read = 0;
  for (const [at, said] of (await withPemFiles(certificates, zlintOf)).entries()) {
    const pem = pems[at] ?? '';
    if ('cannotRead' in said) {
      assert.match(said.cannotRead, /unsupported elliptic curve/);
      assert.match(kindOfKey(pem), /^brainpool/);
      continue;
    }
    read += 1;
    for (const [lint, result] of said.results) {
      if (!isFinding(result)) continue;
      assert.ok(excused.has(lint), `${lint}: ${result}\n${pem}`);
      lints.add(lint);
    }
  }
  return { read, lints: [...lints].sort() };
}
type Complaints = { readonly read: number; readonly lints: readonly string[] };

/** `prime256v1`, `2048`, `ed25519`. */
function kindOfKey(pem: string): string {
  const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(pem).publicKey;
  return String(asymmetricKeyDetails?.namedCurve ?? asymmetricKeyDetails?.modulusLength ?? asymmetricKeyType);
}

/** Our findings by public standards alone, together with the certificates of the chain. */
async function findingsIn(pem: string, chain: string): Promise<unknown> {
  const [der] = fromPem(pem);
  assert.ok(der);
  const given = authoritiesAmong(fromPem(chain).map((one) => ({ kind: 'certificate', der: one })));
  assert.ok(given.length > 0);
  const known = { policy: null, own: [], given, profile: null };
  return (await lintItem(known, { kind: 'certificate', der: new Uint8Array(der) })).findings;
}

describe('a thousand certificates of a service', () => {
  let issued: readonly IssuedCertificate[];

  before(async function issue() {
    const shared = await sharedService('p-256');
    issued = await issueMany(shared.as('card-management'), CERTIFICATES);
  });

  it('cover every profile and every key type', () => {
    assert.equal(issued.length, CERTIFICATES);
    assert.deepEqual([...new Set(issued.map(({ profile }) => profile))].sort(), [...PROFILES].sort());
    const kinds = new Set(issued.map(({ certificate }) => kindOfKey(certificate)));
    assert.equal(kinds.size, HOLDER_KEY_TYPES.length, [...kinds].join(', '));
  });

  it('have no findings by our rules of public standards', async () => {
    for (const { certificate, chain } of issued)
      assert.deepEqual(await findingsIn(certificate, chain), [], certificate);
  });

  it('have no findings by zlint, except those of the table', async function judgeAll() {
    const pems = issued.map(({ certificate }) => certificate);
    const { read, lints } = await complaints(pems, DO_NOT_HOLD);
    assert.ok(read >= READ_MIN, `${read} certificates`);
    assert.deepEqual(lints, [...DO_NOT_HOLD].sort());
  });
});

describe('authorities and responders', () => {
  it('have no findings either, by our rules of public standards and by zlint', async () => {
    const shared = await sharedService('p-256');
    const party = createRelyingParty(shared.service.urls.publication);
    try {
      await party.fetchAll();
      const responders = await Promise.all(ISSUING.map((ca) => party.fetchResponder(ca)));
      const files = [...[...ROOTS, ...ISSUING].map((ca) => party.path(`${ca}.pem`)), ...responders];
      const pems = files.map((file) => readFileSync(file, 'utf8'));
      for (const pem of pems) assert.deepEqual(await findingsIn(pem, pems.join('')), [], pem);
      const { lints } = await complaints(pems, DO_NOT_HOLD_OF_AUTHORITIES);
      assert.deepEqual(lints, [...DO_NOT_HOLD_OF_AUTHORITIES].sort());
    } finally {
      party.remove();
    }
  });
});
