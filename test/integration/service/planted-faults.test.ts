/**
 * Every fault that a rule of certificates, lists and OCSP answers is there for, planted into what
 * the service writes: the service refuses it before any token is asked, and where the service lets
 * it through, the signer refuses it before its token is.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../../src/access/account.js';
import { integer, nullValue, octetString, oid, seq } from '../../../src/asn1/der-writer.js';
import { OID } from '../../../src/asn1/oids.js';
import { crlHeaderOf, encodeSmallCrl } from '../../../src/crl/encode.js';
import { present } from '../../../src/kernel/assert.js';
import { type Bytes, fromHex } from '../../../src/kernel/bytes.js';
import { DAY_MS, HOUR_MS, SECOND_MS } from '../../../src/kernel/duration.js';
import { LIMITS } from '../../../src/kernel/limits.js';
import { ok, type Result } from '../../../src/kernel/result.js';
import { CERTIFICATE_RULES } from '../../../src/lint/certificate/lists/platform.js';
import { ANY_CRL_RULES, OWN_CRL_RULES } from '../../../src/lint/crl/lists.js';
import { createNameAndKey } from '../../../src/lint/ocsp/cert-id.js';
import { ANY_OCSP_RULES, OWN_OCSP_RULES } from '../../../src/lint/ocsp/lists.js';
import type { RuleName } from '../../../src/lint/rule.js';
import { makeLintToken } from '../../../src/lint/token.js';
import { createSignerMetrics } from '../../../src/observe/signers.js';
import { plainRequest } from '../../../src/ocsp/encode.js';
import type { DelegatedResponder } from '../../../src/ocsp/responder.js';
import { issueCertificates } from '../../../src/operations/issuance/issue.js';
import { renewResponder } from '../../../src/operations/status/renew-responder.js';
import { packageRoot } from '../../../src/package/package-root.js';
import { crlExtensions } from '../../../src/policy/publication/crl-lists.js';
import type { IssuerId, SignerFailure } from '../../../src/ports/signer.js';
import type { Account } from '../../../src/ports/store/accounts.js';
import type { Lease } from '../../../src/ports/store/leases.js';
import type { HolderKeyType, Issuer } from '../../../src/x509/model.js';
import { breakCrl } from '../../support/lint/crl-fixtures.js';
import {
  assemble,
  type CertificateFault,
  goodCertificate,
  type Parts,
  partsOf,
  withKey,
  withTimes,
} from '../../support/lint/fixtures.js';
import { breakOcsp } from '../../support/lint/ocsp-fixtures.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { PROFILES } from '../../support/service/orders.js';
import { createPlanting, type PlantedFaults } from '../../support/service/planting.js';
import { keyTypeFor, orderFor } from '../../unit/policy/fixtures.js';
import { CERTIFICATE_FAULTS } from '../../vectors/lint/certificate-faults.js';
import { CRL_FAULTS } from '../../vectors/lint/crl-faults.js';
import { EXTENSION_FAULTS } from '../../vectors/lint/extension-faults.js';
import { HOLDER_FAULTS } from '../../vectors/lint/holder-faults.js';
import { KEY_FAULTS } from '../../vectors/lint/key-faults.js';
import { OCSP_FAULTS } from '../../vectors/lint/ocsp-faults.js';
import { STANDARD_CONSTRAINT_FAULTS } from '../../vectors/lint/standard-constraint-faults.js';
import { STANDARD_EXTENSION_FAULTS } from '../../vectors/lint/standard-extension-faults.js';
import { STANDARD_FAULTS } from '../../vectors/lint/standard-faults.js';
import { STANDARD_NAME_FAULTS } from '../../vectors/lint/standard-name-faults.js';

const ISSUER = 'aci-fo-pp' as IssuerId;

const VECTORS: readonly CertificateFault[] = [
  ...CERTIFICATE_FAULTS,
  ...KEY_FAULTS,
  ...HOLDER_FAULTS,
  ...EXTENSION_FAULTS,
  ...STANDARD_FAULTS,
  ...STANDARD_EXTENSION_FAULTS,
  ...STANDARD_NAME_FAULTS,
  ...STANDARD_CONSTRAINT_FAULTS,
];

/**
 * The faults in bytes that a service signs. Faults in the context of the lint, or in a complete
 * certificate, cannot be planted. The context in the vectors silences other rules; here they may
 * report too.
 */
const PLANTED = VECTORS.filter(
  ({ of, fault, edit, make }) =>
    PROFILES.some((id) => id === of) &&
    // Test services are never in production.
    !fault.endsWith('in production') &&
    (edit !== undefined || (make !== undefined && 'tbs' in make(goodCertificate(of).tbs))),
);
/** Only the worker renews certificates of responders. */
const RESPONDERS = VECTORS.filter(({ of, edit }) => edit !== undefined && of === 'fort/ocsp-pp');

/** To-be-signed bytes that name another algorithm than the one that the issuer signs with. */
const signedAs =
  (...algorithm: readonly Bytes[]) =>
  (_: Issuer, parts: Parts): Parts => ({ ...parts, signature: seq(...algorithm) });

/** Faults that the vectors have with made-up issuers and times. */
const BESIDE_ISSUER: Readonly<Record<string, (issuer: Issuer, parts: Parts) => Parts>> = {
  e_key_is_not_the_issuers: ({ spki }, parts) => withKey(spki, spki.slice(-POINT_OCTETS))(parts),
  e_signature_algorithm_fits_issuer_key: signedAs(oid(OID.sha256WithRsaEncryption), nullValue()),
  e_signature_algorithm_has_its_parameters: signedAs(oid(OID.ecdsaWithSha256), nullValue()),
  e_signature_algorithms_are_equal: signedAs(oid(OID.ecdsaWithSha384)),
  e_signature_hash_resists_collisions: signedAs(oid(OID.sha1WithRsaEncryption), nullValue()),
  e_cps_validity_begins_near_now: (_, parts) => withTimes(secondOf(Date.now() - 3 * DAY_MS), parts.ends)(parts),
  e_validity_begins_within_issuers: ({ notBefore }, parts) => withTimes(notBefore - SECOND_MS, parts.ends)(parts),
  e_validity_ends_within_issuers: ({ notAfter }, parts) => withTimes(secondOf(Date.now()), notAfter + SECOND_MS)(parts),
};
const secondOf = (at: number): number => Math.floor(at / SECOND_MS) * SECOND_MS;

/** Rules whose faults are no octets that a service could write here, and why. */
const NOT_PLANTED: Readonly<Record<string, string>> = {
  e_cps_profile_is_of_issuer: 'whoever asks chooses both: the signer has a refusal of its own before the lint',
};

function breakTbs({ rule, edit, make }: CertificateFault, tbs: Bytes, issuer: Issuer): Bytes {
  const beside = BESIDE_ISSUER[rule];
  if (beside !== undefined) return assemble(beside(issuer, partsOf(tbs)));
  if (edit !== undefined) return assemble(edit(partsOf(tbs)));
  const made = make?.(tbs) ?? { tbs };
  assert('tbs' in made);
  return made.tbs;
}

/**
 * Faults of CAs and foreign responders in the vectors; a card's certificate violates these rules as
 * well.
 */
const ELSEWHERE = VECTORS.filter(
  ({ rule, of, edit }) =>
    edit !== undefined &&
    of !== 'fort/ocsp-pp' &&
    CERTIFICATE_RULES.some(({ name }) => name === rule) &&
    !PLANTED.some((one) => one.rule === rule),
).map((fault) => ({ ...fault, of: 'fort/cps-signature' }));

const BESIDE: readonly CertificateFault[] = Object.keys(BESIDE_ISSUER)
  .filter((rule) => !PLANTED.some((one) => one.rule === rule))
  .map((rule) => ({ rule: rule as RuleName, fault: 'beside its issuer', of: 'fort/cps-signature' }));

/** The length of an uncompressed P-256 point at the end of a SubjectPublicKeyInfo. */
const POINT_OCTETS = 65;

/** Called only after the lint. */
const NO_LEASE: Lease = { name: 'none', holder: 'none', fencingToken: 0 };

const ACCOUNT: Account = {
  id: 'planting',
  name: 'planting',
  roles: ['card-management'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
  credentials: [],
  disabled: false,
  ...ACCOUNT_DEFAULTS,
  createdAt: 0,
};

describe('planted faults', () => {
  let planting: PlantedFaults;
  let issuer: Issuer;
  let request: Bytes;
  let answered: Bytes;
  const csrs = new Map<HolderKeyType, string>();

  const csrOf = (type: HolderKeyType): string => {
    const made = csrs.get(type) ?? makeCsr(makeKey(type));
    csrs.set(type, made);
    return made;
  };
  const issue = (profile: string, keyType: HolderKeyType, world = planting.world) =>
    issueCertificates(world, {
      account: ACCOUNT,
      applications: [{ order: { ...orderFor(profile), keyOrigin: null }, csr: csrOf(keyType), pointer: '' }],
      idempotency: null,
    });
  /**
   * What the writer wrote before it was broken: from here on it is the good one that faults are
   * planted into.
   */
  async function written(work: () => Promise<unknown>): Promise<Bytes> {
    let kept: Bytes | null = null;
    planting.plant((tbs) => {
      kept = tbs.slice();
      return tbs;
    });
    await work();
    return present<Bytes>(kept, 'to-be-signed bytes');
  }

  before(async function startIt() {
    planting = await createPlanting();
    issuer = present(planting.core.world.issuers.byId(ISSUER), ISSUER);
    const added = await planting.core.world.store.transaction((tx) => tx.insertAccount(ACCOUNT));
    assert(added.ok);
    // A key that no other certificate of these tests has.
    const good = await issue('fort/cps-signature', 'p-384');
    assert(good.ok, JSON.stringify(good));
    const { serial } = present(good.value[0], 'a certificate');
    request = plainRequest([certIdOf(issuer, serial)]);
    answered = await written(async () => assert.equal((await planting.responder.answer(request)).source, 'signed'));
    planting.responder.withdraw(ISSUER, serial);
  });
  after(async function stopIt() {
    await planting?.stop();
  });

  /** Nothing that it does makes a token sign, and it says which rule is broken. */
  async function refusedByService(rule: string, work: () => Promise<void>): Promise<void> {
    const before = planting.signatures();
    const counted = await countedBy('service', rule);
    planting.said();
    await work();
    assert.equal(planting.signatures(), before, 'a token was asked');
    const lines = planting.said().split('\n');
    assert.equal(lines.length, 1, lines.join('\n'));
    assert.match(String(lines[0]), new RegExp(`^lint\\.failed .*\\b${rule}: `));
    assert.ok((await countedBy('service', rule)) > counted, 'it was not counted');
  }
  async function countedBy(who: string, rule: string): Promise<number> {
    const { values } = await planting.core.metrics.lintFindings.get();
    const counted = values.filter(
      ({ labels }) => labels.by === who && new RegExp(`^${rule}$`).test(String(labels.rule)),
    );
    return counted.reduce((sum, { value }) => sum + value, 0);
  }
  async function refusedBySigner(rule: string, asked: Promise<Result<Bytes, SignerFailure>>): Promise<void> {
    const before = planting.signatures();
    const answer = await asked;
    assert(!answer.ok, 'it was signed');
    assert.equal(answer.error.kind, 'signer-refused', JSON.stringify(answer.error));
    assert.match(JSON.stringify(answer.error), new RegExp(`\\b${rule}\\b|"tbs-(not-a-sequence|too-long)"`));
    assert.equal(planting.signatures(), before, 'its token was asked');
  }

  it('are the only reason: without a fault all three are signed', async () => {
    planting.plant(null);
    const before = planting.signatures();
    const issued = await issue('fort/cps-authentication', 'p-256');
    assert(issued.ok, JSON.stringify(issued));
    assert((await planting.publish(ISSUER)).ok);
    assert(planting.signatures() >= before + 2);
  });

  for (const fault of [...PLANTED, ...ELSEWHERE, ...BESIDE]) {
    it(`in a certificate, ${fault.fault}: ${fault.rule}`, async () => {
      const keyType = fault.keyType ?? keyTypeFor(fault.of);
      const authority = present(planting.core.home.policy.profiles.get(fault.of), fault.of).authority;
      const by = present(planting.core.world.issuers.current(authority), authority);
      let tbs: Bytes = new Uint8Array(0);
      await refusedByService(fault.rule, async () => {
        planting.plant((good) => {
          tbs = breakTbs(fault, good, by);
          return tbs;
        });
        const issued = await issue(fault.of, keyType);
        assert(!issued.ok, 'it was issued');
        assert.equal(issued.error.kind, 'internal-error', JSON.stringify(issued.error));
      });
      const asked = planting.core.signer.certificate(makeLintToken('certificate', by.id, tbs), fault.of);
      await refusedBySigner(fault.rule, asked);
    });
  }

  for (const fault of RESPONDERS) {
    it(`in the certificate of a responder, ${fault.fault}: ${fault.rule}`, async () => {
      let tbs: Bytes = new Uint8Array(0);
      await refusedByService(fault.rule, async () => {
        planting.plant((good) => {
          tbs = breakTbs(fault, good, issuer);
          return tbs;
        });
        const { world, core } = planting;
        const renewing = { issuer, responder: responder(), lease: NO_LEASE };
        const renewed = await renewResponder({ ...world, signer: core.signer }, renewing);
        assert(!renewed.ok, 'it was renewed');
      });
      const token = makeLintToken('certificate', ISSUER, tbs);
      await refusedBySigner(fault.rule, planting.core.signer.responderCertificate(token, fault.of));
    });
  }

  for (const fault of CRL_FAULTS) {
    // What is looked at otherwise is of somebody else, or no list of here: it breaks some rule of
    // ours, or that it is none.
    const isOthers = fault.context !== undefined || fault.rule === 'e_cps_crl_scope_is_served';
    const rule = isOthers ? 'e_[a-z_]*crl_[a-z_0-9]+' : fault.rule;
    it(`in a list, ${fault.fault}: ${fault.rule}`, async () => {
      await refusedByService(rule, async () => {
        planting.plant((good) => breakCrl(fault, good));
        const published = await planting.publish(ISSUER);
        assert(!published.ok, 'it was published');
      });
      const broken = breakCrl(fault, goodList());
      const chunks = (async function* whole() {
        yield broken;
      })();
      const finish = () => ok(makeLintToken('crl', ISSUER, new Uint8Array(0)));
      const asked = planting.core.signer.crl({ issuer: ISSUER, chunks, finish });
      await refusedBySigner(rule, asked as Promise<Result<Bytes, SignerFailure>>);
    });
  }

  for (const fault of OCSP_FAULTS) {
    const rule = fault.context === undefined ? fault.rule : 'e_[a-z_]*ocsp_[a-z_0-9]+';
    it(`in an OCSP answer, ${fault.fault}: ${fault.rule}`, async () => {
      await refusedByService(rule, async () => {
        planting.plant((good) => breakOcsp(fault, good, responder()));
        const { source } = await planting.responder.answer(request);
        assert.equal(source, 'internalError');
      });
      const broken = breakOcsp(fault, answered, responder());
      // A frame cannot be longer, so it cannot be sent.
      if (broken.length > LIMITS.signerFrameBytesMax) return;
      await refusedBySigner(rule, planting.core.signer.ocsp(makeLintToken('ocsp', ISSUER, broken)));
    });
  }

  it('pass the service only until the end of an exception, and no signer without this exception', async () => {
    const rule = 'e_cps_subject_values_have_no_extra_spaces';
    const fault = present(
      PLANTED.find((one) => one.rule === rule),
      rule,
    );
    planting.plant((good) => breakTbs(fault, good, issuer));
    const issueUntil = (at: number) => {
      const expires = new Date(secondOf(at)).toISOString().replace('.000', '');
      const exception = { rule, profiles: ['*'], expires, reason: 'a test of ours', approver: 'officer-1' };
      const { policy } = planting.world;
      const environment = { ...policy.environment, lintExceptions: [exception] };
      return issue(fault.of, 'p-256', { ...planting.world, policy: { ...policy, environment } });
    };
    const refused = planting.signatures();
    await refusedByService(rule, async () => assert(!(await issueUntil(Date.now() - 2 * SECOND_MS)).ok));
    // The service believes in an exception that the signers, who have read their own policy, know
    // nothing of.
    planting.said();
    assert(!(await issueUntil(Date.now() + HOUR_MS)).ok);
    assert.doesNotMatch(planting.said(), /lint\.failed/);
    assert.equal(planting.signatures(), refused, 'a token was asked');
  });

  it('that signers have rejected are counted by rule in the report of the supervisor', async () => {
    const meters = createSignerMetrics(planting.core.metrics);
    for (const [token, report] of await planting.core.signerReports()) meters.set(token, report);
    for (const rule of ['e_serial_number_is_positive', 'e_crl_version_is_v2', 'e_ocsp_version_is_v1'])
      assert.ok((await countedBy('signer', rule)) > 0, rule);
  });

  it('cover every rule of the service and its signers for certificates, CRLs and OCSP responses', () => {
    const rules = [
      ...CERTIFICATE_RULES,
      ...[ANY_CRL_RULES, OWN_CRL_RULES, ANY_OCSP_RULES, OWN_OCSP_RULES].flatMap((some) => Object.values(some).flat()),
    ];
    const planted: ReadonlySet<string> = new Set(
      [...PLANTED, ...ELSEWHERE, ...BESIDE, ...RESPONDERS, ...CRL_FAULTS, ...OCSP_FAULTS].map(({ rule }) => rule),
    );
    const missing = rules.map(({ name }): string => name).filter((name) => !planted.has(name));
    assert.deepEqual(missing.sort(), Object.keys(NOT_PLANTED).sort());
  });

  it('are planted only by tests: no composition and no command uses other writers', () => {
    const folders = ['src/compose', 'src/cli', 'src/jobs', 'src/http', 'src/config', 'hsm', 'scripts'];
    const files = folders.flatMap((folder) =>
      readdirSync(join(packageRoot(), folder), { recursive: true, encoding: 'utf8' })
        .filter((name) => /\.(ts|mjs)$/.test(name))
        .map((name) => join(packageRoot(), folder, name)),
    );
    assert.ok(files.length > 150, String(files.length));
    for (const file of files) assert.doesNotMatch(readFileSync(file, 'utf8'), /\bwriters\b|\bWRITERS\b/, file);
  });

  function responder(): DelegatedResponder {
    const authority = planting.authorities.find((one) => one.issuer.id === ISSUER);
    return present(authority?.responder, 'a responder');
  }

  function goodList(): Bytes {
    const thisUpdate = Math.floor((Date.now() - SECOND_MS) / SECOND_MS) * SECOND_MS;
    const further = crlExtensions(planting.world.policy, ISSUER, 'full');
    const header = crlHeaderOf(issuer, { number: 900, thisUpdate, nextUpdate: thisUpdate + HOUR_MS }, further);
    return encodeSmallCrl(header, []);
  }
});

function certIdOf(issuer: Issuer, serial: string): Bytes {
  const { nameHash, keyHash } = createNameAndKey(issuer);
  const algorithm = seq(oid(OID.sha1), nullValue());
  const number = integer(present(fromHex(serial), 'a serial number'));
  return seq(algorithm, octetString(nameHash('sha1')), octetString(keyHash('sha1')), number);
}
