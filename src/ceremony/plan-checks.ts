/** What a schema cannot say of a plan: that its parts fit one another, the policy and the names of the home folder. */
import { parseIssuerId } from '../policy/ids.js';
import type { Authority, Policy } from '../policy/model.js';
import type { CeremonyStep, PlanFile, StepOf, TokenKind } from './plan.js';

type Fault = { readonly pointer: string; readonly message: string };

export function planFaults(plan: PlanFile, policy: Policy): readonly Fault[] {
  return [
    ...environmentFaults(plan, policy),
    ...peopleFaults(plan),
    ...tokenFaults(plan),
    ...plan.steps.flatMap((step, at) =>
      stepFaults(step, { plan, policy, before: plan.steps.slice(0, at) }).map((fault) => ({
        pointer: `/steps/${at}${fault.pointer}`,
        message: fault.message,
      })),
    ),
    ...outputFaults(plan),
  ];
}

function environmentFaults({ environment, quorum, software }: PlanFile, policy: Policy): readonly Fault[] {
  const faults: Fault[] = [];
  if (environment !== policy.environment.mark)
    faults.push({ pointer: '/environment', message: `the policy is of the ${policy.environment.mark} environment` });
  if (environment === 'production' && quorum.kind === 'rehearsal')
    faults.push({ pointer: '/quorum/kind', message: 'a rehearsal is for the development environment' });
  if (environment === 'production' && (software.version === '*' || software.policyDigest === '*'))
    faults.push({ pointer: '/software', message: '`*` is for rehearsals: name the version and the policy' });
  if (quorum.threshold > quorum.shares)
    faults.push({ pointer: '/quorum/threshold', message: 'more than there are shares' });
  return faults;
}

function peopleFaults({ people, presence }: PlanFile): readonly Fault[] {
  return presence.flatMap(({ role, atLeast, organisation }, at) => {
    const there = people.filter(
      (person) => person.role === role && (organisation === undefined || person.organisation === organisation),
    );
    if (there.length >= atLeast) return [];
    const from = organisation === undefined ? '' : ` of ${organisation}`;
    return [
      { pointer: `/presence/${at}`, message: `${atLeast} ${role}${from} must be present, ${there.length} named` },
    ];
  });
}

/** Folders and PIN files have one place each: where the service looks, or for a root token beside its transcript. */
function tokenFaults({ id, hierarchy, tokens }: PlanFile): readonly Fault[] {
  return tokens.flatMap((token, at) => {
    const faults: Fault[] = [];
    const expect = (member: string, found: string, expected: string) => {
      if (found !== expected) faults.push({ pointer: `/tokens/${at}/${member}`, message: `must be ${expected}` });
    };
    expect(
      'name',
      token.name,
      hierarchy === null || token.kind === 'platform' ? 'platform' : `${token.kind}-${hierarchy}`,
    );
    if (tokens.findIndex(({ name }) => name === token.name) !== at)
      faults.push({ pointer: `/tokens/${at}/name`, message: 'named twice' });
    if (hierarchy === null && token.kind !== 'platform')
      faults.push({
        pointer: `/tokens/${at}/kind`,
        message: 'a ceremony without hierarchy has the platform token only',
      });
    // A later ceremony opens the root token where the first one left it: ceremony/<that one's id>/root-token.
    const folder = token.kind === 'root' ? /^ceremony\/[a-z][a-z0-9-]*\/root-token$/ : null;
    if (folder === null) {
      expect('folder', token.folder, `tokens/${token.name}`);
      expect('pin/path', token.pin.path, `pins/${token.name}.pin`);
    } else if (!folder.test(token.folder)) expect('folder', token.folder, `ceremony/${id}/root-token`);
    else expect('pin/path', token.pin.path, token.folder.replace(/-token$/, '.pin'));
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
        ...(again ? [{ pointer: '/token', message: 'initialised twice' }] : []),
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
        ...(wrongIssuer ? [{ pointer: '/issuer', message: `the policy says ${said}` }] : []),
        ...outputFault(step.output, `authorities/${step.authority}.cer`),
      ];
    }
    case 'create-ocsp-signer':
      return [
        ...check.token('/token', step.token, ['ca']),
        ...check.token('/subjectToken', step.subjectToken, ['ocsp']),
        ...check.authority('/issuer', step.issuer, 'issuing'),
        ...outputFault(step.output, `authorities/${step.issuer}.ocsp.cer`),
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
  }
}

function keyFaults(step: StepOf<'generate-key'>, around: Around): readonly Fault[] {
  const kind = tokenKind(around, step.token);
  if (kind === 'platform') {
    return [
      ...(step.key === 'platform' ? [] : [{ pointer: '/key', message: 'must be platform' }]),
      ...(step.keyType === undefined ? [{ pointer: '/keyType', message: 'the policy says nothing: name one' }] : []),
    ];
  }
  return [
    ...checksOf(around).authority('/key', step.key, kind === 'root' ? 'root' : 'issuing'),
    ...(step.keyType === undefined ? [] : [{ pointer: '/keyType', message: 'the policy says it: leave it out' }]),
  ];
}

function checksOf(around: Around) {
  const { plan, policy } = around;
  return {
    token(pointer: string, name: string, kinds: readonly TokenKind[]): readonly Fault[] {
      const kind = tokenKind(around, name);
      if (kind === null) return [{ pointer, message: `no token ${name} in /tokens` }];
      return kinds.includes(kind) ? [] : [{ pointer, message: `needs a token of kind ${kinds.join(' or ')}` }];
    },
    authority(pointer: string, id: string, kind: Authority['kind']): readonly Fault[] {
      const authority = authorityOf(policy, id);
      if (authority === null) return [{ pointer, message: `the policy has no authority ${id}` }];
      if (authority.hierarchy !== plan.hierarchy)
        return [{ pointer, message: `${id} is of the hierarchy ${authority.hierarchy}` }];
      return authority.kind === kind ? [] : [{ pointer, message: `${id} is no ${kind} authority` }];
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
  return found === expected ? [] : [{ pointer: '/output', message: `must be ${expected}` }];
}

function outputFaults({ steps, outputs }: PlanFile): readonly Fault[] {
  const made = steps.flatMap((step) => ('output' in step ? [step.output] : []));
  const faults: Fault[] = [];
  made.forEach((output, at) => {
    if (made.indexOf(output) !== at) faults.push({ pointer: '/steps', message: `${output} is made twice` });
    if (!outputs.includes(output)) faults.push({ pointer: '/outputs', message: `${output} is missing` });
  });
  outputs.forEach((output, at) => {
    if (!made.includes(output)) faults.push({ pointer: `/outputs/${at}`, message: `no step makes ${output}` });
  });
  return faults;
}
