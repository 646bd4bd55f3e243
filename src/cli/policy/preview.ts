/** `pfcng policy preview`: shows a sample certificate of a profile, which nobody signs. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Home, loadHome } from '../../compose/home.js';
import { readIssuers } from '../../compose/issuers.js';
import { systemClock, systemRandom } from '../../compose/world.js';
import { inBothLanguages } from '../../kernel/bilingual.js';
import { LIMITS } from '../../kernel/limits.js';
import { ok } from '../../kernel/result.js';
import { checkCertificate, describeFindings } from '../../lint/certificate/lint.js';
import { CERTIFICATE_RULES } from '../../lint/certificate/lists/platform.js';
import { withDummySignature } from '../../lint/dummy-signature.js';
import type { Policy, Profile } from '../../policy/model.js';
import { isOwnSigner } from '../../policy/own-signers.js';
import { allowedKeyTypes, type CertificatePlan, planCertificate, planSigner } from '../../policy/plan/plan.js';
import { sampleOrder } from '../../policy/plan/sample-order.js';
import { fail, say } from '../../terminal/say.js';
import { encodeTbs } from '../../x509/certificate/certificate-writer.js';
import { serialFrom } from '../../x509/certificate/serial-number.js';
import type { Issuer } from '../../x509/model.js';
import { encodePem } from '../../x509/pem.js';
import { openssl } from '../common/openssl.js';
import { makeSampleKeyPair } from './sample-key.js';

export async function preview(id: string, { keyType }: { readonly keyType?: string }): Promise<void> {
  const home = loadHome();
  if (!home.ok) return fail(home.error.faults);
  const { policy } = home.value;
  const profile = policy.profiles.get(id);
  if (profile === undefined) return fail([`no profile ${id}: ${[...policy.profiles.keys()].join(', ')}`]);
  const now = systemClock();
  const allowed = allowedKeyTypes(policy, profile, now);
  const type = keyType === undefined ? profile.keyTypes[0] : allowed.find((one) => one === keyType);
  if (type === undefined) return fail([`--key-type ${keyType ?? ''}: ${id} certifies ${allowed.join(', ')}`]);
  const issuer = currentIssuer(home.value, profile);
  if (typeof issuer === 'string') return fail([issuer]);
  const spki = new Uint8Array(makeSampleKeyPair(type).publicKey.export({ type: 'spki', format: 'der' }));
  const plan = planFor(policy, { profile, issuer, spki, now });
  if (!plan.ok) return fail(plan.error.map(({ pointer, message }) => `${pointer}: ${message.en}`));
  await show(policy, { plan: plan.value, issuer, spki, now });
}

type Sample = { readonly issuer: Issuer; readonly spki: Uint8Array; readonly now: number };

function planFor(
  policy: Policy,
  { profile, issuer, spki, now }: Sample & { readonly profile: Profile },
): ReturnType<typeof planCertificate> {
  if (isOwnSigner(profile.holder)) return ok(planSigner(policy, { profile, spki, issuer, now }));
  return planCertificate(policy, { order: sampleOrder(profile, now), spki, issuer, now });
}

/** Prints an unsigned certificate: its signature value is the fixed pattern that the lint uses. */
async function show(
  { environment }: Policy,
  { plan, issuer, spki, now }: Sample & { readonly plan: CertificatePlan },
): Promise<void> {
  const { validity, subject, extensions, profile } = plan;
  const { signatureAlgorithm, subjectDer: issuerDer, keyType } = issuer;
  const serial = serialFrom(systemRandom(LIMITS.serialOctets));
  const tbs = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
  const folder = mkdtempSync(join(tmpdir(), 'pfcng-preview-'));
  try {
    writeFileSync(join(folder, 'sample.pem'), encodePem('CERTIFICATE', withDummySignature(tbs, keyType)));
    const { output, status } = await openssl(
      ['x509', '-in', 'sample.pem', '-noout', '-text', '-certopt', 'no_sigdump'],
      folder,
    );
    if (status !== 0) return fail(output.split('\n'));
    const unsigned = inBothLanguages({ fr: 'exemple non signé', en: 'an unsigned sample' });
    say(`${profile.id} : ${profile.title.fr} / ${profile.title.en} (${unsigned})`);
    say(output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  const checked = checkCertificate({ tbs, issuer, profile, environment, now });
  if (!checked.ok) return fail(describeFindings(checked.error));
  const count = CERTIFICATE_RULES.length;
  say(inBothLanguages({ fr: `contrôle : ${count} règles, aucune anomalie`, en: `lint: ${count} rules, no finding` }));
}

function currentIssuer(home: Home, { authority }: Profile): Issuer | string {
  const issuers = readIssuers(home);
  if (!issuers.ok) return issuers.error;
  return issuers.value.current(authority) ?? `${authority} has no certificate here: perform its ceremony first`;
}
