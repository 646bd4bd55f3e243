/**
 * Makes the stage: keys, certificates of authorities and responders under the development policy,
 * and requests.
 */
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { serialize } from 'node:v8';
import { toBase64 } from '../../../src/kernel/bytes.js';
import type { Policy } from '../../../src/policy/model.js';
import { planSigner, responderProfileOf } from '../../../src/policy/plan/plan.js';
import { assembleCertificate, encodeTbs } from '../../../src/x509/certificate/certificate-writer.js';
import { hashFor } from '../../../src/x509/keys/algorithms.js';
import { rootListOf } from '../../support/crl/root-list.js';
import { makeCsr, makeKey } from '../../support/service/csr.js';
import { NOW, testIssuer, testKey, testPolicy } from '../../unit/policy/fixtures.js';
import { AUTHORITIES, CARDS, type WrittenStage } from './stage.js';

const CSRS = 19;

export function writeStage(file: string): void {
  const policy = testPolicy();
  const written: WrittenStage = {
    authorities: AUTHORITIES.map((id) => writeAuthority(policy, id)),
    root: writeRoot(policy),
    platformKey: pemOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    csrs: Array.from({ length: CSRS }, () => makeCsr(makeKey())),
    policy: serialize(policy).toString('base64'),
  };
  writeFileSync(file, JSON.stringify(written));
}

function writeRoot(policy: Policy): WrittenStage['root'] {
  const root = testIssuer(policy, 'acr-fo');
  const key = testKey(root.keyType, 'acr-fo-1').privateKey;
  const list = rootListOf({ root, key, number: 2, revoked: [testIssuer(policy, CARDS)] });
  return { id: root.id, certificate: toBase64(root.certificate), list: toBase64(list) };
}

function writeAuthority(policy: Policy, id: string): WrittenStage['authorities'][number] {
  const issuer = testIssuer(policy, id);
  const { privateKey } = testKey(issuer.keyType, `${id}-1`);
  const profile = responderProfileOf(policy, id);
  const responder = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(responder.publicKey.export({ type: 'spki', format: 'der' }));
  // The responders of the policy have RSA keys. These sign a hundred thousand responses, so they
  // use P-256.
  const fast: typeof profile = { ...profile, keyTypes: ['p-256'] };
  const { validity, subject, extensions } = planSigner(policy, { profile: fast, spki, issuer, now: NOW });
  const { signatureAlgorithm, subjectDer: issuerDer } = issuer;
  const serial = Uint8Array.of(0x4d, ...new Uint8Array(15).fill(7));
  const tbs = encodeTbs({ serial, signatureAlgorithm, issuerDer, validity, subject, spki, extensions });
  const signature = new Uint8Array(sign(hashFor(signatureAlgorithm), tbs, privateKey));
  return {
    id,
    hierarchy: issuer.hierarchy,
    certificate: toBase64(issuer.certificate),
    key: pemOf(privateKey),
    responder: toBase64(assembleCertificate(tbs, signatureAlgorithm, signature)),
    responderKey: pemOf(responder.privateKey),
  };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}
