/**
 * Approves keys of OCSP responders on other machines: the CA's signer may then certify these keys
 * again without a ceremony. Each key is approved by its first certificate, which the CA's key signs
 * here (ops/decisions/0007 and 0021), so that the CA's key signs nothing but certificates and CRLs.
 */
import type { Bilingual } from '../../kernel/bilingual.js';
import { sha256Hex } from '../../kernel/digest.js';
import type { Json } from '../../kernel/json.js';
import { ok, type Result } from '../../kernel/result.js';
import { APPROVED_KEYS, approvedKeyFileName, parseIssuerId } from '../../policy/ids.js';
import { planSigner, responderProfileOf } from '../../policy/plan/plan.js';
import { readCertificate } from '../../x509/certificate/certificate-reader.js';
import type { HolderKeyType, Issuer } from '../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../failures.js';
import type { MinutesRow } from '../minutes/document.js';
import { type CheckContext, type Fault, mustBe, type StepOf } from '../plan/model.js';
import { part } from '../plan/schema-parts.js';
import { forService } from '../sitting/afterwards.js';
import type { Entry } from '../transcript/transcript.js';
import type { CheckedFile } from '../verify/model.js';
import type { StepContext, StepKind } from './kind.js';
import { type Certification, certify, checkExistingCertificate, profileFindings } from './shared/certify.js';
import { anyKeyFaults, checksOf, loadIssuer } from './shared/checks.js';
import { issuerCertificateFile, neededFiles } from './shared/line-facts.js';
import { checkExpectedKey, readResponderRequest } from './shared/requests.js';
import { loadApprovedKeys } from './shared/responder-keys.js';

declare module '../plan/model.js' {
  interface StepForms {
    'approve-ocsp-keys': {
      readonly issuer: string;
      readonly token: string;
      readonly keys: readonly {
        readonly request: string;
        /**
         * SHA-256 of the SubjectPublicKeyInfo, hexadecimal. `*` stands for any key: in production
         * only if an earlier step imports the request in a bundle.
         */
        readonly publicKeySha256: string;
        readonly output: string;
      }[];
    };
  }
}

type ApproveOcspKeys = StepOf<'approve-ocsp-keys'>;

type Approval = {
  readonly step: ApproveOcspKeys;
  readonly issuer: Issuer;
  readonly key: ApproveOcspKeys['keys'][number];
};

export const approveOcspKeys: StepKind<ApproveOcspKeys> = {
  do: 'approve-ocsp-keys',
  schema: {
    description:
      "Approves keys of OCSP responders on other machines: certifies each with the CA's key on " +
      "`token`. The CA's signer may certify these keys by itself from its next start on. Each " +
      'certificate is written to `authorities/<issuer>.ocsp-key-<number>.cer`, with a number from ' +
      '2.',
    required: {
      issuer: part('id'),
      token: part('id'),
      keys: {
        type: 'array',
        minItems: 1,
        maxItems: 20,
        items: {
          type: 'object',
          additionalProperties: false,
          required: ['request', 'publicKeySha256', 'output'],
          properties: {
            request: part('path'),
            publicKeySha256: part('expectedKey'),
            output: part('path'),
            why: part('why'),
          },
        },
      },
    },
    optional: {},
  },
  check: (step, context) => [
    ...checksOf(context).key(step.token, step.issuer, ['ca']),
    ...checksOf(context).authority('/issuer', step.issuer, 'issuing'),
    ...step.keys.flatMap((_, at) => approvedFaults({ step, at }, context)),
  ],
  describe,
  artefact: describe,
  outputs({ keys }) {
    const files = keys.map(({ output }) => output);
    return { listed: files, newFiles: files, newTokens: [] };
  },
  needs: ({ issuer, keys }) => neededFiles(issuerCertificateFile(issuer), ...keys.map(({ request }) => request)),
  afterwards: ({ keys }) => forService(...keys.map(({ output }) => output)),
  newKey: () => null,
  readsOnly: false,
  signs: 'shown-first',
  opensToken: false,
  replacesToken: false,
  introducesKey: false,
  async find(context, step) {
    const issuer = await loadIssuer(context, step.issuer);
    if (!issuer.ok) return issuer;
    const files: Record<string, string> = {};
    const keys: Json[] = [];
    for (const key of step.keys) {
      const der = await context.world.files.read(key.output);
      if (der === null) return ok(null);
      const what = await certification(context, { step, issuer: issuer.value, key });
      if (!what.ok) return what;
      const found = checkExistingCertificate(what.value, der);
      if (!found.ok) return found;
      const { publicKeySha256 = null, serial = null, notBefore = null, notAfter = null } = found.value;
      const keyType = what.value.keyType;
      keys.push({ certificate: key.output, publicKeySha256, keyType, serial, notBefore, notAfter });
      files[key.output] = sha256Hex(der);
    }
    return ok({ issuer: issuer.value.id, token: step.token, keys, files, lint: 'passed' });
  },
  async make(context, step) {
    const issuer = await loadIssuer(context, step.issuer);
    if (!issuer.ok) return issuer;
    for (const key of step.keys) {
      // If the step was interrupted, the certificates of the first keys exist already.
      if ((await context.world.files.read(key.output)) !== null) continue;
      const what = await certification(context, { step, issuer: issuer.value, key });
      if (!what.ok) return what;
      const approvedBy = (await loadApprovedKeys(context, step.issuer)).get(sha256Hex(what.value.subject.spki));
      if (approvedBy !== undefined) return wrongFile(key.request, alreadyApproved(approvedBy));
      const made = await certify(context, what.value);
      if (!made.ok) return made;
    }
    return ok(undefined);
  },
  verify: {
    isReadable: ({ keys }) => Array.isArray(keys) && keys.every((key) => typeof key === 'object' && key !== null),
    members: ({ token, issuer }) => ({ token, issuer }),
    files: ({ keys }) => keys.map(({ output }) => output),
    inputs: () => [],
    entryFault: statedKeyFault,
    fileFault: approvedKeyFault,
  },
  minutes: keyRows,
};

function describe({ issuer, keys }: ApproveOcspKeys): Bilingual {
  return {
    fr: `approbation de clés de répondeurs OCSP de ${issuer} : ${keys.length}`,
    en: `approval of OCSP responder keys of ${issuer}: ${keys.length}`,
  };
}

const REQUESTED_TWICE: Bilingual = { fr: 'demandé deux fois', en: 'asked for twice' };

function approvedFaults(
  { step, at }: { readonly step: ApproveOcspKeys; readonly at: number },
  context: CheckContext,
): readonly Fault[] {
  const { issuer, keys } = step;
  const { request, publicKeySha256, output } = keys[at] ?? { request: '', publicKeySha256: '', output: '' };
  const pointer = `/keys/${at}`;
  const number = Number(/\.ocsp-key-([0-9]{1,2})\.cer$/.exec(output)?.[1] ?? 0);
  const parsed = parseIssuerId(issuer);
  const isNamed =
    parsed.ok &&
    number >= APPROVED_KEYS.first &&
    output === `authorities/${approvedKeyFileName(parsed.value.id, number)}`;
  const expected = `authorities/${issuer}.ocsp-key-<${APPROVED_KEYS.first}-${APPROVED_KEYS.last}>.cer`;
  const again = keys.findIndex((other) => other.request === request) !== at;
  return [
    ...(isNamed ? [] : [{ pointer: `${pointer}/output`, message: mustBe(expected) }]),
    ...(again ? [{ pointer: `${pointer}/request`, message: REQUESTED_TWICE }] : []),
    ...anyKeyFaults({ pointer, request, publicKeySha256 }, context),
  ];
}

type RecordedKey = { readonly certificate?: unknown; readonly keyType?: unknown; readonly publicKeySha256?: unknown };

function recordedKeys({ result: { keys } }: Entry): readonly RecordedKey[] {
  return Array.isArray(keys) ? keys.map((key) => (key ?? {}) as RecordedKey) : [];
}

/** Checks that each certificate is for the key that its transcript line names. */
function approvedKeyFault({ path, content, entry }: CheckedFile): Bilingual | null {
  const read = readCertificate(content);
  const hash = read.ok ? sha256Hex(read.value.tbs.spki) : null;
  const isNamed = recordedKeys(entry).some(
    ({ certificate, publicKeySha256 }) => certificate === path && publicKeySha256 === hash,
  );
  const { seq } = entry;
  return isNamed
    ? null
    : {
        fr: `ce n'est pas le certificat d'une clé de la ligne ${seq}`,
        en: `not the certificate of a key of line ${seq}`,
      };
}

/** Checks that the transcript line names the keys that the plan states; `*` allows any key. */
function statedKeyFault(step: ApproveOcspKeys, entry: Entry): Bilingual | null {
  const recorded = new Map(recordedKeys(entry).map((key) => [key.certificate, key.publicKeySha256]));
  const other = step.keys.find(
    ({ output, publicKeySha256 }) => publicKeySha256 !== '*' && recorded.get(output) !== publicKeySha256,
  );
  if (other === undefined) return null;
  return {
    fr: `${other.output} ne correspond pas à la clé qu'indique le plan`,
    en: `${other.output} is not for the key that the plan states`,
  };
}

const APPROVED: Bilingual = { fr: 'approuvée', en: 'approved' };
const ELSEWHERE: Bilingual = { fr: 'sur une autre machine', en: 'on another machine' };

function keyRows(entry: Entry): readonly MinutesRow[] {
  return recordedKeys(entry).map(({ certificate, keyType, publicKeySha256 }) => ({
    table: 'keys-elsewhere',
    cells: [`${certificate}`, ELSEWHERE, APPROVED, `${keyType}`, `${publicKeySha256}`],
  }));
}

async function certification(
  context: StepContext,
  { step, issuer, key }: Approval,
): Promise<Result<Certification & { readonly keyType: HolderKeyType }, StepFailure>> {
  const { policy, files, clock } = context.world;
  const path = key.request;
  const content = await files.read(path);
  if (content === null) return missingFile(path);
  const request = await readResponderRequest(policy, step.issuer, { path, content, now: clock() });
  if (!request.ok) return request;
  const { spki, keyType } = request.value;
  const expected = checkExpectedKey(path, { spki, expected: key.publicKeySha256 });
  if (!expected.ok) return expected;
  const profile = responderProfileOf(policy, issuer.authority);
  const { subject, validity, extensions } = planSigner(policy, { profile, spki, issuer, now: clock() });
  return ok({
    keyType,
    output: key.output,
    issuer: { id: issuer.id, token: step.token, keyType: issuer.keyType, spki: issuer.spki },
    subject: { key: path, spki },
    tbs: { issuerDer: issuer.subjectDer, validity, subject, extensions },
    lint: (linting) => profileFindings(policy, profile, { ...linting, issuer }),
  });
}

function alreadyApproved(certificate: string): Bilingual {
  return { fr: `sa clé est déjà approuvée par ${certificate}`, en: `its key is approved by ${certificate} already` };
}
