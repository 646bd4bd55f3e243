/** What a schema cannot say of the steps of `added-steps.ts`. */
import { ACCESS_ID } from '../../access/break-glass.js';
import {
  APPROVED_KEY_NUMBERS,
  approvedKeyFileName,
  parseIssuerId,
  parseResponderLabel,
  responderFileName,
} from '../../policy/ids.js';
import type { Bilingual } from '../bilingual.js';
import type { AddedStep, AddedStepOf, ExpectedKey } from './added-steps.js';
import { type Around, besideFaults, checksOf, type Fault, isImportOf, mustBe, outputFault } from './step-checks.js';

const WORDS = {
  anyKey: {
    fr: "`*` : nommez l'empreinte de la clé, ou importez la demande dans un paquet dont on compare les mots",
    en: '`*`: name the hash of the key, or import the request in a bundle whose words are compared',
  },
  sealedTwice: { fr: 'demandé deux fois', en: 'asked for twice' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function addedStepFaults(step: AddedStep, around: Around): readonly Fault[] {
  const check = checksOf(around);
  switch (step.do) {
    case 'request-ocsp-signer':
      return [
        ...check.token('/token', step.token, ['ocsp']),
        ...check.authority('/issuer', step.issuer, 'issuing'),
        ...requestFaults(step, around),
      ];
    case 'seal-ocsp-keys':
      return [
        ...check.key(step.token, step.issuer, ['ca']),
        ...check.authority('/issuer', step.issuer, 'issuing'),
        ...step.keys.flatMap((_, at) => sealedFaults({ step, at }, around)),
      ];
    case 'create-access-authority':
      return [
        ...check.token('/token', step.token, ['access']),
        ...accessIdFault('/authority', step.authority),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    case 'create-break-glass-account':
      return [
        ...check.key(step.token, step.authority, ['access']),
        ...accessIdFault('/authority', step.authority),
        ...(step.request === officerRequest(step)
          ? []
          : [{ pointer: '/request', message: mustBe(officerRequest(step)) }]),
        ...anyKeyFaults({ pointer: '', ...step }, around),
        ...outputFault(step.output, `access/${step.account}.cer`),
      ];
  }
}

function requestFaults(step: AddedStepOf<'request-ocsp-signer'>, around: Around): readonly Fault[] {
  const label = parseResponderLabel(step.subjectKey ?? step.issuer);
  if (!label.ok || label.value.issuer !== step.issuer)
    return [{ pointer: '/subjectKey', message: mustBe(step.issuer) }];
  const name = responderFileName(label.value).replace(/\.cer$/, '.csr.pem');
  return [...besideFaults('/subjectKey', label.value, around), ...outputFault(step.output, `requests/${name}`)];
}

function officerRequest({ account }: AddedStepOf<'create-break-glass-account'>): string {
  return `requests/${account}.csr.pem`;
}

export function accessIdFault(pointer: string, id: string): readonly Fault[] {
  return ACCESS_ID.test(id) ? [] : [{ pointer, message: mustBe('access, access-2, ...') }];
}

type Sealing = { readonly step: AddedStepOf<'seal-ocsp-keys'>; readonly at: number };

function sealedFaults({ step, at }: Sealing, around: Around): readonly Fault[] {
  const { issuer, keys } = step;
  const { request, publicKeySha256, output } = keys[at] ?? { request: '', publicKeySha256: '', output: '' };
  const pointer = `/keys/${at}`;
  const number = Number(/\.ocsp-key-([0-9]{1,2})\.cer$/.exec(output)?.[1] ?? 0);
  const parsed = parseIssuerId(issuer);
  const isNamed =
    parsed.ok &&
    number >= APPROVED_KEY_NUMBERS.first &&
    output === `authorities/${approvedKeyFileName(parsed.value.id, number)}`;
  const expected = `authorities/${issuer}.ocsp-key-<${APPROVED_KEY_NUMBERS.first}-${APPROVED_KEY_NUMBERS.last}>.cer`;
  const again = keys.findIndex((other) => other.request === request) !== at;
  return [
    ...(isNamed ? [] : [{ pointer: `${pointer}/output`, message: mustBe(expected) }]),
    ...(again ? [{ pointer: `${pointer}/request`, message: WORDS.sealedTwice }] : []),
    ...anyKeyFaults({ pointer, request, publicKeySha256 }, around),
  ];
}

/** In production a key from elsewhere is known by its hash, or by the words of the bundle that it came in. */
export function anyKeyFaults(
  {
    pointer,
    request,
    publicKeySha256,
  }: { readonly pointer: string; readonly request: string; readonly publicKeySha256: ExpectedKey },
  { plan, before }: Around,
): readonly Fault[] {
  if (publicKeySha256 !== '*' || plan.environment !== 'production') return [];
  const imported = before.some((step) => isImportOf(step, request));
  return imported ? [] : [{ pointer: `${pointer}/publicKeySha256`, message: WORDS.anyKey }];
}
