/** What a schema cannot say of a plan: that its parts fit one another, the policy and the names of the home folder. */

import { parseInstant } from '../kernel/clock.js';
import { parseIssuerId, parseResponderLabel, responderFileName } from '../policy/ids.js';
import type { Authority, Policy } from '../policy/model.js';
import { allowedKeyTypes, responderProfileOf } from '../policy/plan.js';
import type { KeyType } from '../x509/model.js';
import type { CeremonyStep, PlanFile, StepOf, TokenKind } from './plan.js';
import { quorumFaults } from './quorum-checks.js';
import type { Words } from './words.js';

type Fault = { readonly pointer: string; readonly message: Words };

const WORDS = {
  anySoftware: {
    fr: '`*` est pour les répétitions : nommez la version et la politique',
    en: '`*` is for rehearsals: name the version and the policy',
  },
  namedTwice: { fr: 'nommé deux fois', en: 'named twice' },
  platformOnly: {
    fr: "une cérémonie sans hiérarchie n'a que le jeton platform",
    en: 'a ceremony without hierarchy has the platform token only',
  },
  initialisedTwice: { fr: 'initialisé deux fois', en: 'initialised twice' },
  keyTypeMissing: {
    fr: "la politique n'en dit rien : nommez-en un",
    en: 'the policy says nothing: name one',
  },
  keyTypeSaid: { fr: 'la politique le dit : retirez-le', en: 'the policy says it: leave it out' },
} as const satisfies Readonly<Record<string, Words>>;

function environmentIs(mark: string): Words {
  return { fr: `la politique est de l'environnement ${mark}`, en: `the policy is of the ${mark} environment` };
}

function mustBe(expected: string): Words {
  return { fr: `doit être ${expected}`, en: `must be ${expected}` };
}

export function planFaults(plan: PlanFile, policy: Policy): readonly Fault[] {
  return [
    ...environmentFaults(plan, policy),
    ...peopleFaults(plan),
    ...tokenFaults(plan),
    ...quorumFaults(plan),
    ...plan.steps.flatMap((step, at) =>
      stepFaults(step, { plan, policy, before: plan.steps.slice(0, at) }).map((fault) => ({
        pointer: `/steps/${at}${fault.pointer}`,
        message: fault.message,
      })),
    ),
    ...outputFaults(plan),
  ];
}

function environmentFaults({ environment, software }: PlanFile, policy: Policy): readonly Fault[] {
  const faults: Fault[] = [];
  if (environment !== policy.environment.mark)
    faults.push({ pointer: '/environment', message: environmentIs(policy.environment.mark) });
  if (environment === 'production' && (software.version === '*' || software.policyDigest === '*'))
    faults.push({ pointer: '/software', message: WORDS.anySoftware });
  return faults;
}

function peopleFaults({ people, presence }: PlanFile): readonly Fault[] {
  return presence.flatMap(({ role, atLeast, organisation }, at) => {
    const there = people.filter(
      (person) => person.role === role && (organisation === undefined || person.organisation === organisation),
    );
    if (there.length >= atLeast) return [];
    const [de, of] = organisation === undefined ? ['', ''] : [` de ${organisation}`, ` of ${organisation}`];
    const message = {
      fr: `présence requise : ${atLeast} ${role}${de} ; nommés : ${there.length}`,
      en: `${atLeast} ${role}${of} must be present, ${there.length} named`,
    };
    return [{ pointer: `/presence/${at}`, message }];
  });
}

/** Folders and PINs have one place each: where the service looks, or for a root token beside its transcript. */
function tokenFaults({ id, hierarchy, tokens }: PlanFile): readonly Fault[] {
  return tokens.flatMap((token, at) => {
    const faults: Fault[] = [];
    const expect = (member: string, found: string, expected: string) => {
      if (found !== expected) faults.push({ pointer: `/tokens/${at}/${member}`, message: mustBe(expected) });
    };
    expect(
      'name',
      token.name,
      hierarchy === null || token.kind === 'platform' ? 'platform' : `${token.kind}-${hierarchy}`,
    );
    if (tokens.findIndex(({ name }) => name === token.name) !== at)
      faults.push({ pointer: `/tokens/${at}/name`, message: WORDS.namedTwice });
    if (hierarchy === null && token.kind !== 'platform')
      faults.push({ pointer: `/tokens/${at}/kind`, message: WORDS.platformOnly });
    // A later ceremony opens the root token where the first one left it: ceremony/<that one's id>/root-token.
    const folder = token.kind === 'root' ? /^ceremony\/[a-z][a-z0-9-]*\/root-token$/ : null;
    const path = token.pin.kind === 'hsm' ? null : token.pin.path;
    if (folder === null) {
      expect('folder', token.folder, `tokens/${token.name}`);
      if (path !== null) expect('pin/path', path, `pins/${token.name}.pin`);
    } else if (!folder.test(token.folder)) expect('folder', token.folder, `ceremony/${id}/root-token`);
    else if (path !== null) expect('pin/path', path, token.folder.replace(/-token$/, '-shares'));
    return faults;
  });
}

type Around = { readonly plan: PlanFile; readonly policy: Policy; readonly before: readonly CeremonyStep[] };

function stepFaults(step: CeremonyStep, around: Around): readonly Fault[] {
  const check = checksOf(around);
  switch (step.do) {
    case 'initialise-token': {
      const again = around.before.some((other) => other.do === 'initialise-token' && other.token === step.token);
      return [
        ...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform']),
        ...(again ? [{ pointer: '/token', message: WORDS.initialisedTwice }] : []),
      ];
    }
    case 'generate-key':
      return [...check.token('/token', step.token, ['root', 'ca', 'ocsp', 'platform']), ...keyFaults(step, around)];
    case 'create-root':
      return [
        ...check.token('/token', step.token, ['root']),
        ...check.authority('/authority', step.authority, 'root'),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    case 'create-issuing-authority': {
      const said = authorityOf(around.policy, step.authority)?.issuer;
      const wrongIssuer = said !== undefined && said !== authorityOf(around.policy, step.issuer)?.id;
      return [
        ...check.token('/token', step.token, ['root']),
        ...check.token('/subjectToken', step.subjectToken, ['ca']),
        ...check.authority('/authority', step.authority, 'issuing'),
        ...check.authority('/issuer', step.issuer, 'root'),
        ...(wrongIssuer
          ? [{ pointer: '/issuer', message: { fr: `la politique dit ${said}`, en: `the policy says ${said}` } }]
          : []),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    }
    case 'create-ocsp-signer':
      return [
        ...check.token('/token', step.token, ['ca']),
        ...check.token('/subjectToken', step.subjectToken, ['ocsp']),
        ...check.authority('/issuer', step.issuer, 'issuing'),
        ...responderFaults(step, around),
      ];
    case 'sign-crl':
      return [
        ...check.token('/token', step.token, ['root', 'ca']),
        ...check.authority('/issuer', step.issuer, tokenKind(around, step.token) === 'root' ? 'root' : 'issuing'),
        ...outputFault(step.output, `crl/${step.issuer.toUpperCase()}.crl`),
      ];
    case 'export-public-key':
      return [
        ...check.token('/token', step.token, ['platform']),
        ...outputFault(step.output, `authorities/${step.key}.spki`),
      ];
    case 'reshare-quorum':
      return check.token('/token', step.token, ['root']);
  }
}

function keyFaults(step: StepOf<'generate-key'>, around: Around): readonly Fault[] {
  const kind = tokenKind(around, step.token);
  if (kind === 'platform') {
    return [
      ...(step.key === 'platform' ? [] : [{ pointer: '/key', message: mustBe('platform') }]),
      ...(step.keyType === undefined ? [{ pointer: '/keyType', message: WORDS.keyTypeMissing }] : []),
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
function besideFaults(
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

function checksOf(around: Around) {
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

function outputFault(found: string, expected: string): readonly Fault[] {
  return found === expected ? [] : [{ pointer: '/output', message: mustBe(expected) }];
}

function outputFaults({ steps, outputs }: PlanFile): readonly Fault[] {
  const made = steps.flatMap((step) => ('output' in step ? [step.output] : []));
  const faults: Fault[] = [];
  made.forEach((output, at) => {
    if (made.indexOf(output) !== at)
      faults.push({
        pointer: '/steps',
        message: { fr: `${output} est produit deux fois`, en: `${output} is made twice` },
      });
    if (!outputs.includes(output))
      faults.push({ pointer: '/outputs', message: { fr: `${output} manque`, en: `${output} is missing` } });
  });
  outputs.forEach((output, at) => {
    if (!made.includes(output))
      faults.push({
        pointer: `/outputs/${at}`,
        message: { fr: `aucune étape ne produit ${output}`, en: `no step makes ${output}` },
      });
  });
  return faults;
}
