/** A founding certificate is registered together with its account. */
import { sign } from 'node:crypto';
import { ACCOUNT_DEFAULTS } from '../../../../src/access/account.js';
import { vetFounding } from '../../../../src/ceremony/founding.js';
import { present } from '../../../../src/kernel/assert.js';
import { utf8 } from '../../../../src/kernel/bytes.js';
import { ok } from '../../../../src/kernel/result.js';
import type { FoundingFile } from '../../../../src/operations/status/founding-file.js';
import { registerCertificates } from '../../../../src/operations/status/register-certificates.js';
import { assembleCertificate, encodeTbs } from '../../../../src/x509/certificate/certificate-writer.js';
import { hashFor } from '../../../../src/x509/keys/algorithms.js';
import { NOW } from '../../../support/db/records.js';
import { accept, type Service } from '../service.js';
import { commandOf, ORGANISATIONS } from '../stage.js';
import type { Answer, Scenario } from './all.js';

/** No other scenario uses the key of this number. */
const KEY = 18;
const PROFILE = 'elementaire/org-auth-cli';
const ACCOUNT = {
  id: 'founded',
  name: 'Founded',
  roles: ['officer'],
  scope: { profiles: ['*'], structures: ['*'], domains: ['*'], holders: ['*'] },
};

/** The certificate of a ceremony; its bytes are the same in each process, except the signature. */
async function foundingFile({ stage }: Service): Promise<FoundingFile> {
  const { issuer, key } = present(
    stage.authorities.find((one) => one.issuer.id === ORGANISATIONS),
    ORGANISATIONS,
  );
  const { applications } = commandOf(stage, { number: KEY, profiles: [PROFILE], key: null });
  const { order, csr } = present(applications[0], 'an application');
  const request = { path: 'requests/founded.csr.pem', content: utf8(csr) };
  const step = {
    do: 'create-founding-certificate',
    issuer: issuer.id,
    token: 'ca-elementaire',
    profile: order.profile,
    holder: order.holder,
    request: request.path,
    publicKeySha256: '*',
    account: ACCOUNT,
    output: 'ceremony/founding/founding/founded.cer',
  } as const;
  const now = NOW;
  const vetted = accept(await vetFounding(stage.policy, { order: step, request, issuer, now }));
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const { subject, validity, extensions } = vetted.plan;
  const serial = Uint8Array.of(0x4f, ...new Uint8Array(15).fill(KEY));
  const tbs = encodeTbs({
    serial,
    signatureAlgorithm,
    issuerDer,
    validity,
    subject,
    spki: vetted.key.spki,
    extensions,
  });
  const signature = new Uint8Array(sign(hashFor(signatureAlgorithm), tbs, key));
  const certificate = assembleCertificate(tbs, signatureAlgorithm, signature);
  const verified = { step, certificate, request, planSha256: 'ab'.repeat(32), policyDigest: stage.policy.digest };
  return {
    kind: 'founding',
    ceremony: 'founding',
    issuer: issuer.id,
    file: step.output,
    certificate,
    verify: () => ok(verified),
  };
}

export const FOUNDING: readonly Scenario[] = [
  {
    name: 'register a founding certificate with a new account',
    operation: registerCertificates,
    run: (service) => register(service, service.world),
  },
  {
    name: 'register a founding certificate for an account that exists',
    operation: registerCertificates,
    before: async ({ bare }) => {
      const added = { ...ACCOUNT, credentials: [], disabled: false, ...ACCOUNT_DEFAULTS, createdAt: NOW };
      accept(await bare.store.transaction((tx) => tx.insertAccount(added)));
    },
    run: (service) => register(service, service.world),
  },
  {
    name: 'register a founding certificate for an account that has other rights',
    operation: registerCertificates,
    before: async ({ bare }) => {
      const added = {
        ...ACCOUNT,
        roles: ['auditor'],
        credentials: [],
        disabled: false,
        ...ACCOUNT_DEFAULTS,
        createdAt: NOW,
      };
      accept(await bare.store.transaction((tx) => tx.insertAccount(added)));
    },
    run: (service) => register(service, service.world),
  },
];

async function register(service: Service, world: Service['world']): Promise<Answer> {
  const registered = await registerCertificates(world, [await foundingFile(service)]);
  return registered.ok ? ok([]) : registered;
}
