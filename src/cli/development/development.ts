/**
 * Makes the development accounts and their credentials at the first start: systems get certificates
 * of ELEMENTAIRE ORGANISATIONS, officers of FORT PERSONNES. The key files are for trials; no other
 * environment has them.
 */
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ACCOUNT_DEFAULTS } from '../../access/account.js';
import { newestKeyId } from '../../access/registration-keys.js';
import type { HomePaths } from '../../config/paths.js';
import { present } from '../../kernel/assert.js';
import { formatInstant } from '../../kernel/clock.js';
import { ok, type Result } from '../../kernel/result.js';
import { accountDetails } from '../../operations/accounts/change-account.js';
import { accountSecret } from '../../operations/enrolment/registration-secret.js';
import type { OperationFailure } from '../../operations/failures.js';
import { issueCertificates } from '../../operations/issuance/issue.js';
import type { World } from '../../operations/world.js';
import type { Account } from '../../ports/store/accounts.js';
import type { CertificateRecord } from '../../ports/store/certificates.js';
import { assembleCertificate } from '../../x509/certificate/certificate-writer.js';
import { encodePem } from '../../x509/pem.js';
import { makeKeyAndRequest } from '../../x509/request/make-request.js';
import { CREDENTIALS, type Credential, FOUNDER, isMade } from './accounts.js';

/** Makes what is missing after any interruption: each credential is complete, or made again. */
export async function createDevelopmentCredentials(
  world: World,
  paths: HomePaths,
  progress: (name: string) => void,
): Promise<Result<void, OperationFailure>> {
  await mkdir(paths.credentials, { recursive: true, mode: 0o700 });
  const root = present(
    world.issuers.chain(world.issuers.current('aci-el-org')?.id ?? never()).at(-1),
    'root of the server',
  );
  await writeWhole(join(paths.credentials, 'tls-ca.pem'), encodePem('CERTIFICATE', root), 0o644);
  const accounts = await world.store.read((reads) => reads.accounts());
  if (!accounts.ok) return accounts;
  for (const credential of CREDENTIALS) {
    if (isMade(credential, accounts.value, paths)) continue;
    progress(credential.name);
    const made = await createCredential(world, paths, credential);
    if (!made.ok) return made;
    if (credential.account === null) continue;
    const added = await addAccount(world, { ...credential, account: credential.account }, made.value);
    if (!added.ok) return added;
  }
  await writeAccountSecret(world, paths);
  return ok(undefined);
}

/** The account whose secret is for EST and CMP clients that have no certificate. */
const WITH_SECRET = 'card-management';

async function writeAccountSecret({ registrationKeys }: World, paths: HomePaths): Promise<void> {
  const key = present(newestKeyId(registrationKeys) ?? undefined, 'a key for the secrets of registrations');
  const secret = present(accountSecret(registrationKeys, key, WITH_SECRET) ?? undefined, 'a secret of a newest key');
  await writeWhole(join(paths.credentials, `${WITH_SECRET}.secret.txt`), `${secret}\n`, 0o600);
}

function never(): never {
  throw new Error('the issuing CA of the development accounts has no certificate: was its ceremony interrupted?');
}

async function createCredential(
  world: World,
  paths: HomePaths,
  { name, profile, holder, card }: Credential,
): Promise<Result<CertificateRecord, OperationFailure>> {
  const { keyPem, csrPem } = await makeKeyAndRequest({ keyType: 'p-256', commonName: name });
  const verifiedAt = formatInstant(world.clock());
  const identity =
    card === null
      ? null
      : ({ assurance: 'high', source: 'DEVELOPMENT', reference: `development-${name}`, verifiedAt } as const);
  const order = { profile, holder, card, identity, keyOrigin: null, validity: { notBefore: null, notAfter: null } };
  const issued = await issueCertificates(world, {
    account: FOUNDER,
    applications: [{ order, csr: csrPem, pointer: '' }],
    idempotency: null,
  });
  if (!issued.ok) return issued;
  const record = present(issued.value[0], 'the certificate that was issued');
  const issuer = present(world.issuers.byId(record.issuer), 'issuer of a record');
  const signature = present(record.signature, 'signature of an issued certificate');
  const certificate = assembleCertificate(record.tbs, issuer.signatureAlgorithm, signature);
  const chain = [certificate, issuer.certificate].map((der) => encodePem('CERTIFICATE', der)).join('');
  await writeWhole(join(paths.credentials, `${name}.key.pem`), keyPem, 0o600);
  await writeWhole(join(paths.credentials, `${name}.crt.pem`), chain, 0o644);
  return ok(record);
}

async function addAccount(
  world: World,
  { name, account }: Credential & { readonly account: NonNullable<Credential['account']> },
  { issuer, spkiSha256 }: CertificateRecord,
): Promise<Result<void, OperationFailure>> {
  const now = world.clock();
  const row: Account = {
    id: name,
    name: `${name} (development)`,
    ...ACCOUNT_DEFAULTS,
    ...account,
    credentials: [{ issuer, spkiSha256 }],
    disabled: false,
    createdAt: now,
  };
  return world.store.transaction(async (tx) => {
    await tx.insertAccount(row);
    await tx.appendAudit([{ at: now, type: 'account.added', actor: 'system', details: accountDetails(row) }]);
  });
}

async function writeWhole(file: string, content: string, mode: number): Promise<void> {
  await writeFile(`${file}.new`, content, { mode });
  await chmod(`${file}.new`, mode);
  await rename(`${file}.new`, file);
}
