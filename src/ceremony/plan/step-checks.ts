/** What a schema cannot say of a step: that it fits the tokens of its plan, the policy, and the steps before it. */
import { parseInstant } from '../../kernel/clock.js';
import { parseIssuerId, parseResponderLabel, responderFileName } from '../../policy/ids.js';
import type { Authority, Policy } from '../../policy/model.js';
import { allowedKeyTypes, responderProfileOf } from '../../policy/plan/plan.js';
import type { KeyType } from '../../x509/model.js';
import type { Bilingual } from '../bilingual.js';
import { accessIdFault, addedStepFaults } from './added-step-checks.js';
import type { AddedStep } from './added-steps.js';
import type { LaterStep, LaterStepOf } from './later-steps.js';
import type { CeremonyStep, PlanFile, StepOf, TokenKind } from './model.js';
import { ceremonyFolder } from './paths.js';
import { tokenStepFaults } from './token-step-checks.js';
import { TRANSCRIPT_KEY_TYPE, transcriptKeyLabel } from './transcript-key.js';

export type Fault = { readonly pointer: string; readonly message: Bilingual };

const WORDS = {
  initialisedTwice: { fr: 'initialisé deux fois', en: 'initialised twice' },
  keyTypeMissing: {
    fr: "la politique n'en dit rien : nommez-en un",
    en: 'the policy says nothing: name one',
  },
  accessKeyType: {
    fr: "la politique n'en dit rien : nommez-en un, plus fort que rsa-2048",
    en: 'the policy says nothing: name one, stronger than rsa-2048',
  },
  keyTypeSaid: { fr: 'la politique le dit : retirez-le', en: 'the policy says it: leave it out' },
  anyPrevious: {
    fr: "`*` est pour les répétitions : nommez l'empreinte de la dernière liste",
    en: '`*` is for rehearsals: name the hash of the last list',
  },
  notRising: {
    fr: 'le numéro de la liste doit dépasser celui de la dernière',
    en: 'the number of the list must be above that of the last one',
  },
  servedLists: {
    fr: "les listes suivantes d'une autorité émettrice sont celles du service",
    en: 'later lists of an issuing CA are those of the service',
  },
  noSuchDay: { fr: "ce jour n'existe pas", en: 'there is no such day' },
  notPublished: {
    fr: 'aucune étape sign-crl de cette racine ne suit : la révocation ne serait pas publiée',
    en: 'no step sign-crl of this root follows: the revocation would not be published',
  },
  oneSubject: { fr: 'un seul de subjectToken et request', en: 'one of subjectToken and request' },
  anyRequest: {
    fr: 'importez cette demande avant, dans un paquet dont on compare les mots : sinon la clé est celle de qui a posé le fichier',
    en: 'import this request before, in a bundle whose words are compared: the key is of whoever laid the file otherwise',
  },
  notCarried: { fr: "aucun paquet n'apporte ce fichier", en: 'no bundle brings this file' },
  unsignedBundle: {
    fr: 'seal manque : la clé de la cérémonie signe le paquet',
    en: 'seal is missing: the key of the ceremony signs the bundle',
  },
  responderIssuer: {
    fr: "la clé d'un répondeur porte le nom de son AC : retirez-le",
    en: 'the key of a responder has the name of its CA: leave it out',
  },
  revokedTwice: { fr: 'révoquée deux fois', en: 'revoked twice' },
} as const satisfies Readonly<Record<string, Bilingual>>;

export function mustBe(expected: string): Bilingual {
  return { fr: `doit être ${expected}`, en: `must be ${expected}` };
}

export type Around = { readonly plan: PlanFile; readonly policy: Policy; readonly before: readonly CeremonyStep[] };

export function stepFaults(step: CeremonyStep, around: Around): readonly Fault[] {
  const check = checksOf(around);
  switch (step.do) {
    case 'initialise-token': {
      const again = around.before.some((other) => other.do === 'initialise-token' && other.token === step.token);
      return [
        ...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
        ...(again ? [{ pointer: '/token', message: WORDS.initialisedTwice }] : []),
      ];
    }
    case 'generate-key':
      return [
        ...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
        ...keyFaults(step, around),
      ];
    case 'create-root':
      return [
        ...check.token('/token', step.token, ['root']),
        ...check.authority('/authority', step.authority, 'root'),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    case 'create-issuing-authority':
      return [
        ...check.key(step.token, step.issuer, ['root']),
        ...subjectFaults(step, around),
        ...check.child(step),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    case 'create-ocsp-signer':
      return [
        ...check.key(step.token, step.issuer, ['ca']),
        ...check.token('/subjectToken', step.subjectToken, ['ocsp']),
        ...check.authority('/issuer', step.issuer, 'issuing'),
        ...responderFaults(step, around),
      ];
    case 'sign-crl':
      return [
        ...check.key(step.token, step.issuer, ['root', 'ca']),
        ...previousFaults(step, around),
        ...check.authority('/issuer', step.issuer, tokenKind(around, step.token) === 'root' ? 'root' : 'issuing'),
        ...outputFault(step.output, `crl/${step.issuer.toUpperCase()}.crl`),
      ];
    case 'export-public-key':
      return [
        ...check.token('/token', step.token, ['platform']),
        ...outputFault(step.output, `authorities/${step.key}.spki`),
      ];
    case 'reshare-quorum':
    case 'reshare-so-pin':
      return check.token('/token', step.token, ['root', 'access']);
    default:
      return laterStepFaults(step, around);
  }
}

function laterStepFaults(step: LaterStep | AddedStep, around: Around): readonly Fault[] {
  const check = checksOf(around);
  switch (step.do) {
    case 'read-key':
      return [...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'access']), ...readFaults(step, around)];
    case 'request-certificate':
      return [
        ...check.key(step.token, step.authority, ['ca']),
        ...check.authority('/authority', step.authority, 'issuing'),
        ...outputFault(step.output, `requests/${step.authority}.csr.pem`),
      ];
    case 'export-bundle':
      return [
        ...(around.plan.seal === undefined ? [{ pointer: '', message: WORDS.unsignedBundle }] : []),
        ...outputFault(step.output, `bundles/${around.plan.id}.json`),
      ];
    case 'import-bundle':
      return importFaults(step, around);
    case 'back-up-token':
    case 'restore-token':
      return [
        ...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
        ...tokenStepFaults(step, around),
      ];
    case 'revoke-issuing-authority':
      return [...check.child(step), ...revocationFaults(step, around)];
    case 'destroy-key':
      return [
        ...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform', 'access']),
        ...outputFault(step.output, `${ceremonyFolder(around.plan)}/destroyed/${step.token}.${step.key}.json`),
      ];
    default:
      return addedStepFaults(step, around);
  }
}

function readFaults({ token, key, issuer }: LaterStepOf<'read-key'>, around: Around): readonly Fault[] {
  const kind = tokenKind(around, token);
  if (kind === 'access') return accessIdFault('/key', key);
  const check = checksOf(around);
  if (kind === 'ocsp') {
    const label = parseResponderLabel(key);
    return [
      ...check.authority('/key', label.ok ? label.value.issuer : key, 'issuing'),
      ...(issuer === undefined ? [] : [{ pointer: '/issuer', message: WORDS.responderIssuer }]),
    ];
  }
  return [
    ...check.authority('/key', key, kind === 'root' ? 'root' : 'issuing'),
    ...(issuer === undefined ? [] : check.child({ authority: key, issuer })),
  ];
}

function subjectFaults(
  { subjectToken, request, authority }: StepOf<'create-issuing-authority'>,
  around: Around,
): readonly Fault[] {
  if ((subjectToken === undefined) === (request === undefined)) return [{ pointer: '', message: WORDS.oneSubject }];
  if (subjectToken !== undefined) return checksOf(around).token('/subjectToken', subjectToken, ['ca']);
  const expected = `requests/${authority}.csr.pem`;
  if (request !== expected) return [{ pointer: '/request', message: mustBe(expected) }];
  const { plan, before } = around;
  const isKnown = plan.environment !== 'production' || before.some((step) => isImportOf(step, request));
  return isKnown ? [] : [{ pointer: '/request', message: WORDS.anyRequest }];
}

export function isImportOf(step: CeremonyStep, path: string): boolean {
  return step.do === 'import-bundle' && step.files.includes(path);
}

/** What a bundle brings is what other steps read: never what this program, or this ceremony, writes for itself. */
function importFaults({ files }: LaterStepOf<'import-bundle'>, { plan }: Around): readonly Fault[] {
  const own = `${ceremonyFolder(plan)}/`;
  return files.flatMap((path, at) =>
    /^(authorities|crl|requests|access|ceremony)\//.test(path) && !path.startsWith(own)
      ? []
      : [{ pointer: `/files/${at}`, message: WORDS.notCarried }],
  );
}

/** Lists of issuing CAs after the first are the service's, which numbers them itself. */
function previousFaults({ token, number, previous }: StepOf<'sign-crl'>, around: Around): readonly Fault[] {
  if (previous === undefined) return [];
  const faults: Fault[] = [];
  if (tokenKind(around, token) === 'ca') faults.push({ pointer: '/previous', message: WORDS.servedLists });
  if (previous.number >= number) faults.push({ pointer: '/number', message: WORDS.notRising });
  if (previous.sha256 === '*' && around.plan.environment === 'production')
    faults.push({ pointer: '/previous/sha256', message: WORDS.anyPrevious });
  return faults;
}

function revocationFaults(step: LaterStepOf<'revoke-issuing-authority'>, { plan, before }: Around): readonly Fault[] {
  const days = (['revokedAt', 'invalidityDate'] as const).filter((day) => {
    const said = step[day];
    return said !== undefined && parseInstant(said) === null;
  });
  const again = before.some((other) => other.do === step.do && other.authority === step.authority);
  const published = plan.steps
    .slice(before.length)
    .some((other) => other.do === 'sign-crl' && other.issuer === step.issuer);
  return [
    ...days.map((day) => ({ pointer: `/${day}`, message: WORDS.noSuchDay })),
    ...(again ? [{ pointer: '/authority', message: WORDS.revokedTwice }] : []),
    ...(published ? [] : [{ pointer: '', message: WORDS.notPublished }]),
    ...outputFault(step.output, `${ceremonyFolder(plan)}/revoked/${step.authority}.json`),
  ];
}

function keyFaults(step: StepOf<'generate-key'>, around: Around): readonly Fault[] {
  const kind = tokenKind(around, step.token);
  if (step.key === transcriptKeyLabel(around.plan))
    return step.keyType === TRANSCRIPT_KEY_TYPE ? [] : [{ pointer: '/keyType', message: mustBe(TRANSCRIPT_KEY_TYPE) }];
  // Of a plan that was copied from another: no authority is called that.
  if (step.key.startsWith('ceremony-')) return [{ pointer: '/key', message: mustBe(transcriptKeyLabel(around.plan)) }];
  if (kind === 'platform') {
    return [
      ...(step.key === 'platform' ? [] : [{ pointer: '/key', message: mustBe('platform') }]),
      ...(step.keyType === undefined ? [{ pointer: '/keyType', message: WORDS.keyTypeMissing }] : []),
    ];
  }
  if (kind === 'access') {
    const isStrong = step.keyType !== undefined && step.keyType !== 'rsa-2048';
    return [
      ...accessIdFault('/key', step.key),
      ...(isStrong ? [] : [{ pointer: '/keyType', message: WORDS.accessKeyType }]),
    ];
  }
  const label = kind === 'ocsp' ? parseResponderLabel(step.key) : null;
  const key = label?.ok ? label.value : { issuer: step.key, keyType: null };
  return [
    ...checksOf(around).authority('/key', key.issuer, kind === 'root' ? 'root' : 'issuing'),
    ...besideFaults('/key', key, around),
    ...(step.keyType === undefined ? [] : [{ pointer: '/keyType', message: WORDS.keyTypeSaid }]),
  ];
}

function responderFaults(step: StepOf<'create-ocsp-signer'>, around: Around): readonly Fault[] {
  const label = parseResponderLabel(step.subjectKey ?? step.issuer);
  if (!label.ok || label.value.issuer !== step.issuer)
    return [{ pointer: '/subjectKey', message: mustBe(step.issuer) }];
  return [
    ...besideFaults('/subjectKey', label.value, around),
    ...outputFault(step.output, `authorities/${responderFileName(label.value)}`),
  ];
}

/** A key beside the first is one that the policy has. */
export function besideFaults(
  pointer: string,
  { issuer, keyType }: { readonly issuer: string; readonly keyType: KeyType | null },
  { policy, plan }: Around,
): readonly Fault[] {
  const authority = authorityOf(policy, issuer);
  if (keyType === null || authority === null) return [];
  const begins = parseInstant(plan.window.notBefore) ?? Number.POSITIVE_INFINITY;
  const allowed = allowedKeyTypes(policy, responderProfileOf(policy, authority.id), begins);
  if (authority.ocspSigner?.others?.includes(keyType) && allowed.includes(keyType)) return [];
  const message = {
    fr: `la politique n'a pas de clé ${keyType} pour les répondeurs de ${issuer}, ou ne l'autorise pas`,
    en: `the policy has no ${keyType} key of responders of ${issuer}, or does not allow it`,
  };
  return [{ pointer, message }];
}

export function checksOf(around: Around) {
  const { plan, policy } = around;
  return {
    token(pointer: string, name: string, kinds: readonly TokenKind[]): readonly Fault[] {
      const kind = tokenKind(around, name);
      if (kind === null)
        return [{ pointer, message: { fr: `pas de jeton ${name} dans /tokens`, en: `no token ${name} in /tokens` } }];
      if (kinds.includes(kind)) return [];
      const message = {
        fr: `il faut un jeton de type ${kinds.join(' ou ')}`,
        en: `needs a token of kind ${kinds.join(' or ')}`,
      };
      return [{ pointer, message }];
    },
    /** Who signs: on a token of this kind, with a key that the transcript will know. */
    key(name: string, key: string, kinds: readonly TokenKind[]): readonly Fault[] {
      const wrong = this.token('/token', name, kinds);
      if (wrong.length > 0) return wrong;
      // On a token that is made here, a key that was not made is found missing when its step is done.
      const known = around.before.some(
        (step) =>
          (step.do === 'initialise-token' && step.token === name) ||
          ((step.do === 'read-key' || step.do === 'generate-key') && step.token === name && step.key === key),
      );
      const message = {
        fr: `une étape read-key de ${key} sur ${name} doit venir avant`,
        en: `a step read-key of ${key} on ${name} must come before`,
      };
      return known ? [] : [{ pointer: '', message }];
    },
    /** An issuing CA and its root, as the policy has them. */
    child({ authority, issuer }: { readonly authority: string; readonly issuer: string }): readonly Fault[] {
      const said = authorityOf(policy, authority)?.issuer;
      const wrongIssuer = said !== undefined && said !== authorityOf(policy, issuer)?.id;
      return [
        ...this.authority('/authority', authority, 'issuing'),
        ...this.authority('/issuer', issuer, 'root'),
        ...(wrongIssuer
          ? [{ pointer: '/issuer', message: { fr: `la politique dit ${said}`, en: `the policy says ${said}` } }]
          : []),
      ];
    },
    authority(pointer: string, id: string, kind: Authority['kind']): readonly Fault[] {
      const authority = authorityOf(policy, id);
      const fault = (fr: string, en: string): readonly Fault[] => [{ pointer, message: { fr, en } }];
      if (authority === null)
        return fault(`la politique n'a pas d'autorité ${id}`, `the policy has no authority ${id}`);
      const { hierarchy } = authority;
      if (hierarchy !== plan.hierarchy)
        return fault(`${id} est de la hiérarchie ${hierarchy}`, `${id} is of the hierarchy ${hierarchy}`);
      const genre = kind === 'root' ? 'racine' : 'émettrice';
      return authority.kind === kind
        ? []
        : fault(`${id} n'est pas une autorité ${genre}`, `${id} is no ${kind} authority`);
    },
  };
}

function tokenKind({ plan }: Around, name: string): TokenKind | null {
  return plan.tokens.find((token) => token.name === name)?.kind ?? null;
}

function authorityOf(policy: Policy, id: string): Authority | null {
  const parsed = parseIssuerId(id);
  return parsed.ok ? (policy.authorities.get(parsed.value.authority) ?? null) : null;
}

export function outputFault(found: string, expected: string): readonly Fault[] {
  return found === expected ? [] : [{ pointer: '/output', message: mustBe(expected) }];
}
