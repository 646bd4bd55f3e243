/**
 * Checks that several kinds of step use: the names in a step must be those of the plan, the policy
 * and the home folder.
 */
import { ACCESS_ID } from '../../../access/break-glass.js';
import { present } from '../../../kernel/assert.js';
import type { Bilingual } from '../../../kernel/bilingual.js';
import { parseInstant } from '../../../kernel/clock.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { type ParsedIssuerId, parseIssuerId, parseResponderLabel, type ResponderKey } from '../../../policy/ids.js';
import type { Authority, Policy } from '../../../policy/model.js';
import { allowedKeyTypes, responderProfileOf } from '../../../policy/plan/plan.js';
import { readIssuer } from '../../../x509/certificate/issuer.js';
import type { Issuer, KeyType } from '../../../x509/model.js';
import { missingFile, type StepFailure, wrongFile } from '../../failures.js';
import {
  type CeremonyStep,
  type CheckContext,
  type Fault,
  keyOnToken,
  mustBe,
  type TokenKind,
} from '../../plan/model.js';
import type { CeremonyFiles, CeremonyWorld } from '../../world.js';
import type { StepContext } from '../kind.js';

/** Checks that an additional key of a responder has a type that the policy has and allows. */
export function additionalKeyFaults(
  pointer: string,
  { issuer, keyType }: { readonly issuer: string; readonly keyType: KeyType | null },
  { policy, plan }: CheckContext,
): readonly Fault[] {
  const authority = findAuthority(policy, issuer);
  if (keyType === null || authority === null) return [];
  const begins = parseInstant(plan.window.notBefore) ?? Number.POSITIVE_INFINITY;
  const allowed = allowedKeyTypes(policy, responderProfileOf(policy, authority.id), begins);
  if (authority.ocspSigner?.others?.includes(keyType) && allowed.includes(keyType)) return [];
  const message = {
    fr: `la politique ne prévoit pas de clé ${keyType} pour les répondeurs OCSP de ${issuer}, ou ne l'autorise pas`,
    en: `the policy has no ${keyType} key for OCSP responders of ${issuer}, or does not allow it`,
  };
  return [{ pointer, message }];
}

/**
 * Checks that the label of a responder's key begins with its issuer, and that the output is named
 * after the key.
 */
export function responderKeyFaults(
  step: { readonly issuer: string; readonly subjectKey?: string; readonly output: string },
  context: CheckContext,
  pathOf: (label: ResponderKey) => string,
): readonly Fault[] {
  const label = parseResponderLabel(step.subjectKey ?? step.issuer);
  if (!label.ok || label.value.issuer !== step.issuer)
    return [{ pointer: '/subjectKey', message: mustBe(step.issuer) }];
  return [
    ...additionalKeyFaults('/subjectKey', label.value, context),
    ...outputFault(step.output, pathOf(label.value)),
  ];
}

/** Returns the checks of names in a step. `pointer` is the place of the name. */
export function checksOf(context: CheckContext) {
  const { plan, policy } = context;
  return {
    token(pointer: string, name: string, kinds: readonly TokenKind[]): readonly Fault[] {
      const kind = tokenKind(context, name);
      if (kind === null)
        return [
          { pointer, message: { fr: `il n'y a pas de jeton ${name} dans /tokens`, en: `no token ${name} in /tokens` } },
        ];
      if (kinds.includes(kind)) return [];
      const message = {
        fr: `un jeton de type ${kinds.join(' ou ')} est nécessaire`,
        en: `needs a token of kind ${kinds.join(' or ')}`,
      };
      return [{ pointer, message }];
    },
    /**
     * Checks the signing key: it must be on a token of one of these kinds, and an earlier step must
     * have recorded it.
     */
    key(name: string, key: string, kinds: readonly TokenKind[]): readonly Fault[] {
      const wrong = this.token('/token', name, kinds);
      if (wrong.length > 0) return wrong;
      // On a token that is made in this ceremony, a missing key is reported when the step is
      // performed.
      const known = context.before.some(
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
    /** Checks that the policy has this issuing CA below this root. */
    child({ authority, issuer }: { readonly authority: string; readonly issuer: string }): readonly Fault[] {
      const planned = findAuthority(policy, authority)?.issuer;
      const wrongIssuer = planned !== undefined && planned !== findAuthority(policy, issuer)?.id;
      return [
        ...this.authority('/authority', authority, 'issuing'),
        ...this.authority('/issuer', issuer, 'root'),
        ...(wrongIssuer
          ? [
              {
                pointer: '/issuer',
                message: { fr: `la politique indique ${planned}`, en: `the policy says ${planned}` },
              },
            ]
          : []),
      ];
    },
    authority(pointer: string, id: string, kind: Authority['kind']): readonly Fault[] {
      const authority = findAuthority(policy, id);
      const fault = (fr: string, en: string): readonly Fault[] => [{ pointer, message: { fr, en } }];
      if (authority === null)
        return fault(`la politique ne connaît pas d'AC ${id}`, `the policy has no authority ${id}`);
      const { hierarchy } = authority;
      if (hierarchy !== plan.hierarchy)
        return fault(`${id} appartient à la hiérarchie ${hierarchy}`, `${id} is of the hierarchy ${hierarchy}`);
      const genre = kind === 'root' ? 'racine' : 'émettrice';
      return authority.kind === kind ? [] : fault(`${id} n'est pas une AC ${genre}`, `${id} is no ${kind} authority`);
    },
  };
}

export function tokenKind({ plan }: CheckContext, name: string): TokenKind | null {
  return plan.tokens.find((token) => token.name === name)?.kind ?? null;
}

/** Returns the authority of an issuer id in the policy; null: there is none. */
export function findAuthority(policy: Policy, id: string): Authority | null {
  const parsed = parseIssuerId(id);
  return parsed.ok ? (policy.authorities.get(parsed.value.authority) ?? null) : null;
}

export function outputFault(found: string, expected: string): readonly Fault[] {
  return found === expected ? [] : [{ pointer: '/output', message: mustBe(expected) }];
}

export function isImportOf(step: CeremonyStep, path: string): boolean {
  return step.do === 'import-bundle' && step.files.includes(path);
}

export function accessIdFault(pointer: string, id: string): readonly Fault[] {
  return ACCESS_ID.test(id) ? [] : [{ pointer, message: mustBe('access, access-2, ...') }];
}

/**
 * Checks `*`, which stands for any key of another machine. In production it is allowed only if an
 * earlier step imports the request in a bundle, which the plan or the people identify by its hash.
 * Otherwise nothing would identify the key.
 */
export function anyKeyFaults(
  {
    pointer,
    request,
    publicKeySha256,
  }: { readonly pointer: string; readonly request: string; readonly publicKeySha256: string },
  { plan, before }: CheckContext,
): readonly Fault[] {
  if (publicKeySha256 !== '*' || plan.environment !== 'production') return [];
  const imported = before.some((step) => isImportOf(step, request));
  return imported ? [] : [{ pointer: `${pointer}/publicKeySha256`, message: ANY_KEY }];
}

const ANY_KEY: Bilingual = {
  fr: "`*` : indiquez l'empreinte de la clé, ou importez la demande dans un paquet dont on compare les mots",
  en: '`*`: name the hash of the key, or import the request in a bundle whose words are compared',
};

/** Finds the authorities that sign in a ceremony; their certificates are in the home folder. */

/** Returns the authority of an id in a checked plan. Throws if the policy has none. */
export function authorityOf(policy: Policy, id: string): ParsedIssuerId & { readonly definition: Authority } {
  const parsed = parseIssuerId(id);
  const { value } = present(parsed.ok ? parsed : null, `issuer id ${id}`);
  return { ...value, definition: present(policy.authorities.get(value.authority), `authority ${id}`) };
}

/** What is needed to read the certificate of an issuer. */
type IssuersWorld = { readonly world: Pick<CeremonyWorld, 'policy'> & { readonly files: Pick<CeremonyFiles, 'read'> } };

/** Reads the certificate of an issuer from the home folder. */
export async function loadIssuer({ world }: IssuersWorld, name: string): Promise<Result<Issuer, StepFailure>> {
  const path = `authorities/${name}.cer`;
  const certificate = await world.files.read(path);
  if (certificate === null) return missingFile(path);
  const { id, authority, generation, definition } = authorityOf(world.policy, name);
  const { hierarchy, kind } = definition;
  const issuer = readIssuer({ id, authority, generation, hierarchy, kind, certificate });
  if (issuer.ok) return issuer;
  const { rule } = issuer.error;
  const detail = {
    fr: `ce n'est pas un certificat d'AC utilisable (${rule})`,
    en: `not a usable CA certificate (${rule})`,
  };
  return wrongFile(path, detail);
}

/** Reads the public key of `key` on a token, which an earlier step made or read. */
export async function publicKeyOn(
  context: StepContext,
  { token, key }: { readonly token: string; readonly key: string },
): Promise<Result<Uint8Array, StepFailure>> {
  const publicKey = await (await context.token(token)).publicKey(key);
  return publicKey === null ? err({ kind: 'missing', what: keyOnToken({ key, token }) }) : ok(publicKey);
}
