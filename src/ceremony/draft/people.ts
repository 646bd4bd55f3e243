/** Reads and checks people and share holders, each typed on one line with semicolons. */
import type { Bilingual } from '../../kernel/bilingual.js';
import { parseInstant } from '../../kernel/clock.js';
import { sha256Hex } from '../../kernel/digest.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseIssuerId, parseResponderLabel } from '../../policy/ids.js';
import type { Policy } from '../../policy/model.js';
import { allowedKeyTypes, responderProfileOf } from '../../policy/plan/plan.js';
import type { CeremonyStep, Holder, Person, PlanFile, Role } from '../plan/model.js';
import { plainName, ROLES } from '../plan/presence.js';
import type { CeremonyFiles } from '../world.js';
import { readPath } from './question.js';

const ROLE_NAMES = Object.keys(ROLES) as readonly Role[];

function roleOf(text: string): Role | null {
  const plain = plainName(text);
  const found = ROLE_NAMES.find((role, index) =>
    [role, `${index + 1}`, ROLES[role].fr, ROLES[role].en].map(plainName).includes(plain),
  );
  return found ?? null;
}

/** Lists the roles as people type them, with their numbers. */
export function rolesInWords(): Bilingual {
  const list = (language: keyof Bilingual) =>
    ROLE_NAMES.map((role, index) => `${index + 1} ${ROLES[role][language]}`).join(', ');
  return { fr: list('fr'), en: list('en') };
}

function partsOf(text: string): readonly string[] {
  return text.split(';').map((part) => part.trim());
}

const PERSON_FORM_TEXT = {
  fr: 'forme attendue : rôle ; nom ; organisation, et au besoin ; SHA-256 du certificat de signature',
  en: 'expected form: role ; name ; organisation, and if needed ; SHA-256 of the signing certificate',
};
const DIGEST = /^[0-9a-f]{64}$/;

/**
 * Checks a line that names a person, and returns it in the form that `personOf` reads: with the
 * role by its name in plans.
 */
export function readPerson(text: string): Result<string, Bilingual> {
  const [role = '', name = '', organisation = '', certificate, ...more] = partsOf(text);
  if (more.length > 0 || name === '' || organisation === '') return err(PERSON_FORM_TEXT);
  const known = roleOf(role);
  if (known === null) {
    const { fr, en } = rolesInWords();
    return err({
      fr: `rôle ${role} inconnu ; rôles possibles : ${fr}`,
      en: `unknown role ${role}; possible roles: ${en}`,
    });
  }
  if (certificate !== undefined && !DIGEST.test(certificate)) return err(PERSON_FORM_TEXT);
  return ok([known, name, organisation, ...(certificate === undefined ? [] : [certificate])].join(' ; '));
}

export function personOf(text: string): Person {
  const [role = '', name = '', organisation = '', certificateSha256] = partsOf(text);
  return {
    role: role as Role,
    name,
    organisation,
    ...(certificateSha256 === undefined ? {} : { certificateSha256 }),
  };
}

/** Checks the list of people. null: it has a master of ceremonies, and nobody twice in one role. */
export function peopleFault(texts: readonly string[]): Bilingual | null {
  const people = texts.map(personOf);
  if (!people.some(({ role }) => role === 'master-of-ceremonies'))
    return { fr: 'il faut un maître de cérémonie', en: 'a master of ceremonies is needed' };
  const names = people.map(({ role, name }) => `${role} ${plainName(name)}`);
  const again = people.find((_, index) => names.indexOf(names[index] ?? '') !== index);
  return again === undefined ? null : { fr: `${again.name} est nommé deux fois`, en: `${again.name} is named twice` };
}

const HOLDER_FORM_TEXT = {
  fr: "forme attendue : nom ; organisation (le nom seul s'il est parmi les personnes), et au besoin ; certificat ; SHA-256",
  en: 'expected form: name ; organisation (the name alone if it is among the people), and if needed ; certificate ; SHA-256',
};

/**
 * Returns a function that reads a typed holder. A holder who is in the list of people is written as
 * there, and can be typed without the organisation. If a certificate is named without its hash, the
 * hash is computed from the file.
 */
export function holderReader(people: readonly Person[], files: Pick<CeremonyFiles, 'read'>) {
  return async (text: string): Promise<Result<string, Bilingual>> => {
    const [typedName = '', typedOrganisation, certificate, digest, ...more] = partsOf(text);
    const person = personNamed(people, typedName);
    const isTheirs =
      person !== undefined &&
      (typedOrganisation === undefined || plainName(typedOrganisation) === plainName(person.organisation));
    const { name, organisation = '' } = isTheirs ? person : { name: typedName, organisation: typedOrganisation };
    if (name === '' || organisation === '' || more.length > 0) return err(HOLDER_FORM_TEXT);
    if (certificate === undefined) return ok(`${name} ; ${organisation}`);
    const path = readPath(certificate);
    if (!path.ok) return path;
    const sha256 = digest === undefined ? await hashOf(path.value, files) : ok(digest);
    if (!sha256.ok) return sha256;
    return DIGEST.test(sha256.value)
      ? ok([name, organisation, certificate, sha256.value].join(' ; '))
      : err(HOLDER_FORM_TEXT);
  };
}

/**
 * Finds a person by name. Among several with this name it prefers an officer, because holders of
 * shares are officers.
 */
function personNamed(people: readonly Person[], name: string): Person | undefined {
  const named = people.filter((one) => plainName(one.name) === plainName(name));
  return named.find(({ role }) => role === 'officer') ?? named[0];
}

async function hashOf(path: string, files: Pick<CeremonyFiles, 'read'>): Promise<Result<string, Bilingual>> {
  const content = await files.read(path).catch(() => null);
  if (content !== null) return ok(sha256Hex(content));
  return err({
    fr: `${path} : aucun fichier lisible de ce nom dans le dossier de la cérémonie`,
    en: `${path}: no readable file with this name in the home folder of the ceremony`,
  });
}

export function holderOf(text: string): Holder {
  const [name = '', organisation = '', certificate, sha256 = ''] = partsOf(text);
  return { name, organisation, encryption: certificate === undefined ? 'passphrase' : { certificate, sha256 } };
}

export function holderText({ name, organisation }: Pick<Holder, 'name' | 'organisation'>): string {
  return `${name} ; ${organisation}`;
}

/**
 * Checks the list of share holders. `people`: the people of the plan, if this ceremony makes the
 * shares; a holder who types a passphrase must then be an `officer` among them. null: the shares
 * are not made in this ceremony.
 */
export function holdersFault(texts: readonly string[], people: readonly Person[] | null): Bilingual | null {
  const holders = texts.map(holderOf);
  if (holders.length < 2 || holders.length > 15)
    return { fr: 'il faut de 2 à 15 porteurs de part', en: '2 to 15 share holders are needed' };
  const names = holders.map(({ name }) => plainName(name));
  const again = holders.find((_, index) => names.indexOf(names[index] ?? '') !== index);
  if (again !== undefined)
    return { fr: `${again.name} détiendrait deux parts`, en: `${again.name} would hold two shares` };
  if (people === null) return null;
  // `holderReader` has written holders as the list of people does, so texts can be compared.
  const officers = people.filter(({ role }) => role === 'officer').map(holderText);
  const absent = holders.find((holder) => holder.encryption === 'passphrase' && !officers.includes(holderText(holder)));
  if (absent === undefined) return null;
  return {
    fr: `${absent.name} (${absent.organisation}) n'est pas parmi les porteurs de part nommés`,
    en: `${absent.name} (${absent.organisation}) is not among the share holders that were named`,
  };
}

/**
 * Removes from a drafted plan the steps and files of those additional OCSP responder keys that the
 * policy does not allow. The example plans contain them for every policy.
 */
export function withAllowedKeys(plan: PlanFile, policy: Policy): PlanFile {
  const beginsAt = parseInstant(plan.window.notBefore) ?? 0;
  const isAllowed = (label: string | null): boolean => label === null || isAllowedResponderKey(policy, label, beginsAt);
  const dropped = new Set<string>();
  const steps = plan.steps.flatMap((step): readonly CeremonyStep[] => {
    if (!isAllowed(labelOf(step))) {
      if ('output' in step) dropped.add(step.output);
      return [];
    }
    if (step.do === 'import-bundle' || step.do === 'export-bundle') {
      const files = step.files.filter((path) => !dropped.has(path) && isAllowed(labelIn(path)));
      return [{ ...step, files }];
    }
    if (step.do !== 'approve-ocsp-keys') return [step];
    const keys = step.keys.filter(({ request }) => isAllowed(labelIn(request)));
    for (const key of step.keys) if (!keys.includes(key)) dropped.add(key.output);
    return [{ ...step, keys }];
  });
  return { ...plan, steps };
}

function labelOf(step: CeremonyStep): string | null {
  if (step.do === 'generate-key') return step.key;
  return step.do === 'create-ocsp-signer' || step.do === 'request-ocsp-signer' ? (step.subjectKey ?? null) : null;
}

/**
 * Returns the label of the key that a file name is about: `aci-el-org.rsa-2048` for
 * `requests/aci-el-org.ocsp-rsa-2048.csr.pem`. null: the file is not about an additional key.
 */
function labelIn(path: string): string | null {
  const [, issuer, keyType] = /\/([a-z0-9-]+)\.ocsp-((?:rsa|p)-\d+)\./.exec(path) ?? [];
  return issuer === undefined ? null : `${issuer}.${keyType}`;
}

/**
 * Whether the policy allows the key with this label when the window of the ceremony begins. Only an
 * additional responder key, whose label has a key type, can be forbidden: every policy has the
 * first key of each responder.
 */
function isAllowedResponderKey(policy: Policy, labelText: string, beginsAt: number): boolean {
  const label = parseResponderLabel(labelText);
  if (!label.ok || label.value.keyType === null) return true;
  const { issuer, keyType } = label.value;
  const parsed = parseIssuerId(issuer);
  const authority = parsed.ok ? policy.authorities.get(parsed.value.authority) : undefined;
  if (authority?.ocspSigner?.others?.includes(keyType) !== true) return false;
  return allowedKeyTypes(policy, responderProfileOf(policy, authority.id), beginsAt).includes(keyType);
}
