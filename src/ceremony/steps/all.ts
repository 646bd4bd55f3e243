/** Each kind of step: who does it, and what it is called. */
import type { Result } from '../../kernel/result.js';
import { type Bilingual, keyOnToken, same } from '../bilingual.js';
import type { StepFailure } from '../failures.js';
import { describeAddedStep } from '../plan/added-steps.js';
import type { CeremonyStep, StepOf } from '../plan/model.js';
import type { Facts } from '../transcript/transcript.js';
import { sealOcspKeys } from './approve-ocsp-keys.js';
import { backUpToken } from './back-up-token.js';
import { createAccessAuthority } from './create-access-authority.js';
import { createBreakGlassAccount } from './create-break-glass-account.js';
import { createIssuingAuthority } from './create-issuing-authority.js';
import { createOcspSigner } from './create-ocsp-signer.js';
import { createRoot } from './create-root.js';
import { destroyKey } from './destroy-key.js';
import { exportBundle } from './export-bundle.js';
import { exportPublicKey } from './export-public-key.js';
import { generateKey } from './generate-key.js';
import { importBundle } from './import-bundle.js';
import { initialiseToken } from './initialise-token.js';
import type { StepContext, StepHandler } from './kind.js';
import { readKey } from './read-key.js';
import { requestCertificate } from './request-certificate.js';
import { requestOcspSigner } from './request-ocsp-signer.js';
import { reshareQuorum } from './reshare-quorum.js';
import { reshareSoPin } from './reshare-so-pin.js';
import { restoreToken } from './restore-token.js';
import { revokeIssuingAuthority } from './revoke-issuing-authority.js';
import { signCrl } from './sign-crl.js';

const HANDLERS: { readonly [Kind in CeremonyStep['do']]: StepHandler<StepOf<Kind>> } = {
  'initialise-token': initialiseToken,
  'generate-key': generateKey,
  'create-root': createRoot,
  'create-issuing-authority': createIssuingAuthority,
  'create-ocsp-signer': createOcspSigner,
  'sign-crl': signCrl,
  'export-public-key': exportPublicKey,
  'read-key': readKey,
  'revoke-issuing-authority': revokeIssuingAuthority,
  'destroy-key': destroyKey,
  'request-certificate': requestCertificate,
  'export-bundle': exportBundle,
  'import-bundle': importBundle,
  'reshare-quorum': reshareQuorum,
  'reshare-so-pin': reshareSoPin,
  'back-up-token': backUpToken,
  'restore-token': restoreToken,
  'request-ocsp-signer': requestOcspSigner,
  'seal-ocsp-keys': sealOcspKeys,
  'create-access-authority': createAccessAuthority,
  'create-break-glass-account': createBreakGlassAccount,
};

function handlerOf<Step extends CeremonyStep>(step: Step): StepHandler<Step> {
  // The table's type says so for each kind; TypeScript cannot follow it for a union of them.
  return HANDLERS[step.do] as unknown as StepHandler<Step>;
}

export function findOutcome(context: StepContext, step: CeremonyStep): Promise<Result<Facts | null, StepFailure>> {
  return handlerOf(step).find(context, step);
}

export function makeOutcome(context: StepContext, step: CeremonyStep): Promise<Result<void, StepFailure>> {
  return handlerOf(step).make(context, step);
}

/** What it makes, for messages: a path where it is a file. */
export function artefactOf(step: CeremonyStep): Bilingual {
  if ('output' in step) return same(step.output);
  if (step.do === 'import-bundle') return same(step.bundle);
  if (step.do === 'reshare-quorum' || step.do === 'reshare-so-pin' || step.do === 'seal-ocsp-keys')
    return describeStep(step);
  return step.do === 'initialise-token' ? { fr: `jeton ${step.token}`, en: `token ${step.token}` } : keyOnToken(step);
}

export function describeStep(step: CeremonyStep): Bilingual {
  switch (step.do) {
    case 'initialise-token':
      return { fr: `initialisation du jeton ${step.token}`, en: `initialising token ${step.token}` };
    case 'generate-key':
      return {
        fr: `génération de la clé ${step.key} sur le jeton ${step.token}`,
        en: `generating key ${step.key} on token ${step.token}`,
      };
    case 'create-root':
      return { fr: `certificat de l'AC racine ${step.authority}`, en: `certificate of root CA ${step.authority}` };
    case 'create-issuing-authority':
      return {
        fr: `certificat de l'AC ${step.authority} signé par ${step.issuer}`,
        en: `certificate of CA ${step.authority} signed by ${step.issuer}`,
      };
    case 'create-ocsp-signer':
      return {
        fr: `certificat du répondeur OCSP ${step.subjectKey ?? step.issuer}`,
        en: `certificate of the OCSP responder ${step.subjectKey ?? step.issuer}`,
      };
    case 'sign-crl':
      return { fr: `LCR n° ${step.number} de ${step.issuer}`, en: `CRL number ${step.number} of ${step.issuer}` };
    case 'export-public-key':
      return { fr: `export de la clé publique ${step.key}`, en: `exporting public key ${step.key}` };
    case 'read-key':
      return {
        fr: `lecture de la clé ${step.key} sur le jeton ${step.token}`,
        en: `reading key ${step.key} on token ${step.token}`,
      };
    case 'revoke-issuing-authority':
      return {
        fr: `révocation de l'AC ${step.authority} (${step.reason})`,
        en: `revocation of CA ${step.authority} (${step.reason})`,
      };
    case 'destroy-key':
      return {
        fr: `destruction de la clé ${step.key} sur le jeton ${step.token}`,
        en: `destroying key ${step.key} on token ${step.token}`,
      };
    case 'request-certificate':
      return {
        fr: `demande de certificat de l'AC ${step.authority}`,
        en: `certification request of CA ${step.authority}`,
      };
    case 'export-bundle':
      return { fr: `export du paquet ${step.output}`, en: `exporting bundle ${step.output}` };
    case 'import-bundle':
      return { fr: `import du paquet ${step.bundle}`, en: `importing bundle ${step.bundle}` };
    case 'back-up-token':
      return { fr: `sauvegarde du jeton ${step.token}`, en: `back-up of token ${step.token}` };
    case 'restore-token':
      return { fr: `restauration du jeton ${step.token}`, en: `restoration of token ${step.token}` };
    case 'reshare-quorum':
      return {
        fr: `nouveau PIN du jeton ${step.token} et ses parts (partage ${step.generation})`,
        en: `new PIN of token ${step.token} and its shares (sharing ${step.generation})`,
      };
    case 'reshare-so-pin':
      return {
        fr: `nouveau PIN du responsable de sécurité du jeton ${step.token} et ses parts (partage ${step.generation})`,
        en: `new PIN of the security officer of token ${step.token} and its shares (sharing ${step.generation})`,
      };
    default:
      return describeAddedStep(step);
  }
}
