/**
 * Compiles the policy documents to a `Policy`, or to a list of everything that is wrong with them:
 * first against the schemas, then across files and against the ceilings in code. No process starts
 * with a policy that has a fault.
 */
import { present } from '../../kernel/assert.js';
import { sha256Hex } from '../../kernel/digest.js';
import { parseDuration } from '../../kernel/duration.js';
import { canonicalJson, type Json } from '../../kernel/json.js';
import { err, ok, type Result } from '../../kernel/result.js';
import { parseMinutes, type TimeOfDay } from '../../kernel/time-of-day.js';
import { authorityFaults } from '../checks/authorities.js';
import { cardGenerationFaults } from '../checks/card-generations.js';
import { codeListFaults } from '../checks/code-lists.js';
import { enrolmentFaults } from '../checks/enrolment.js';
import { environmentFaults } from '../checks/environment.js';
import { faultsBesidesOpen, markFaults } from '../checks/marks.js';
import { profileFaults } from '../checks/profiles.js';
import { sourceFaults } from '../checks/sources.js';
import type { CmpPolicy } from '../enrolment-policy.js';
import type {
  Authority,
  CodeList,
  CodeListName,
  CrlPolicy,
  Environment,
  Hierarchy,
  Policy,
  PolicyFault,
  Profile,
} from '../model.js';
import {
  type AuthorityFile,
  type CodeListFile,
  type EnvironmentFile,
  type HierarchyFile,
  locationOf,
  type PolicyDocuments,
  type ProfileFile,
  type RawDocuments,
} from './documents.js';
import { applyOverrides, type PolicyOverrides } from './overrides.js';
import { checkSchemas } from './schema-check.js';

/** Faults are sorted by file and pointer. */
export function compilePolicy(
  raw: RawDocuments,
  overrides: PolicyOverrides = {},
): Result<Policy, readonly PolicyFault[]> {
  const overlaid = applyOverrides(raw, overrides);
  if (!overlaid.ok) return err(sortFaults(overlaid.error));
  const checked = checkSchemas(overlaid.value);
  if (!checked.ok) return err(sortFaults(checked.error));
  const faults = crossFaults(checked.value);
  return faults.length > 0 ? err(sortFaults(faults)) : ok(compile(checked.value));
}

/**
 * The documents of a policy whose only faults are at values that are left for an officer to decide.
 */
export function openDocuments(raw: RawDocuments): Result<PolicyDocuments, readonly PolicyFault[]> {
  const checked = checkSchemas(raw);
  if (!checked.ok) return err(sortFaults(checked.error));
  const faults = faultsBesidesOpen(checked.value, crossFaults(checked.value));
  return faults.length > 0 ? err(sortFaults(faults)) : checked;
}

function crossFaults(documents: PolicyDocuments): readonly PolicyFault[] {
  return [
    ...environmentFaults(documents),
    ...authorityFaults(documents),
    ...profileFaults(documents),
    ...enrolmentFaults(documents),
    ...codeListFaults(documents),
    ...cardGenerationFaults(documents),
    ...sourceFaults(documents),
    ...markFaults(documents),
  ];
}

export function sortFaults(faults: readonly PolicyFault[]): readonly PolicyFault[] {
  const key = ({ file, pointer, message }: PolicyFault) => `${file}\n${pointer}\n${message}`;
  return [...faults].sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

function compile(documents: PolicyDocuments): Policy {
  const { environment, hierarchies, authorities, profiles, codeLists, cardGenerations } = documents;
  return {
    digest: digestOf(documents),
    environment: environmentOf(environment.body),
    hierarchies: new Map(hierarchies.map(({ body }) => [body.id, hierarchyOf(body)])),
    authorities: new Map(authorities.map(({ body }) => [body.id, authorityOf(body)])),
    profiles: new Map(profiles.map(({ body }) => [body.id, profileOf(body)])),
    codeLists: new Map(
      codeLists.map((document) => [locationOf(document).name as CodeListName, codeListOf(document.body)]),
    ),
    cardGenerations: new Map(Object.entries(cardGenerations.body.generations)),
  };
}

/**
 * SHA-256 over the canonical JSON of all files by name, overlay included, so that the same policy
 * has the same digest on every machine.
 */
export function digestOf(documents: PolicyDocuments): string {
  const { environment, hierarchies, authorities, profiles, codeLists, cardGenerations } = documents;
  const files = [environment, ...hierarchies, ...authorities, ...profiles, ...codeLists, cardGenerations].map(
    ({ file, body }) => [file, body as unknown as Json] as const,
  );
  return sha256Hex(canonicalJson(Object.fromEntries(files)));
}

function environmentOf({
  sources: _,
  notes: __,
  crl,
  ocspAnswers,
  orders,
  enrolment,
  ...rest
}: EnvironmentFile): Environment {
  const { maxAge, life, staleMax, neverIssued } = ocspAnswers;
  const { deadline, ...orderLimits } = orders;
  const { registrationLife, registrationLifeMax, cmp, ...enrolmentLimits } = enrolment;
  return {
    ...withoutLink(rest),
    crl: crlPolicyOf(crl),
    ocspAnswers: {
      lifeMs: milliseconds(life),
      maxAgeMs: milliseconds(maxAge),
      staleMsMax: milliseconds(staleMax),
      neverIssued,
    },
    orders: { ...orderLimits, deadlineMs: milliseconds(deadline) },
    enrolment: {
      ...enrolmentLimits,
      registrationLifeMs: milliseconds(registrationLife),
      registrationLifeMsMax: milliseconds(registrationLifeMax),
      cmp: cmpPolicyOf(cmp),
    },
  };
}

function cmpPolicyOf({ timeWindow, retention, waitMax, ...rest }: EnvironmentFile['enrolment']['cmp']): CmpPolicy {
  return {
    ...rest,
    timeWindowMs: milliseconds(timeWindow),
    retentionMs: milliseconds(retention),
    waitMsMax: milliseconds(waitMax),
  };
}

function crlPolicyOf(crl: EnvironmentFile['crl']): CrlPolicy {
  const { daily, delta, onRevocation, partitions } = crl;
  return {
    periodMs: milliseconds(crl.period),
    overlapMs: milliseconds(crl.overlap),
    jitterMs: milliseconds(crl.jitter),
    daily: daily === undefined ? null : timeOfDay(daily),
    afterRevocationMs: milliseconds(crl.afterRevocation),
    afterRevocationMsMax: milliseconds(crl.afterRevocationMax),
    onRevocation,
    delta: {
      periodMs: milliseconds(delta.period),
      overlapMs: milliseconds(delta.overlap),
      entriesMax: delta.entriesMax,
    },
    partitions,
  };
}

function timeOfDay({ at, zone }: { readonly at: string; readonly zone: string }): TimeOfDay {
  return { minutes: present(parseMinutes(at), 'time that was checked'), zone };
}

function milliseconds(text: string): number {
  const parsed = parseDuration(text);
  return present(parsed.ok ? parsed.value : null, 'duration that was checked');
}

function hierarchyOf({ sources: _, notes: __, ...rest }: HierarchyFile): Hierarchy {
  return withoutLink(rest);
}

function authorityOf({ sources: _, notes: __, title: ___, ...rest }: AuthorityFile): Authority {
  return withoutLink(rest);
}

function profileOf({ notes: _, identityAge = {}, update, selfService = [], enrolment, ...rest }: ProfileFile): Profile {
  const ages = Object.entries(identityAge).map(([purpose, age]) => [purpose, milliseconds(age)] as const);
  return {
    ...withoutLink(rest),
    identityAgeMs: Object.fromEntries(ages),
    update:
      update === undefined
        ? null
        : {
            confirmWithinMs: milliseconds(update.confirmWithin),
            overlapMs: milliseconds(update.overlap),
            supersede: update.supersede,
          },
    selfService,
    enrolment: enrolment === undefined ? null : enrolmentOf(enrolment),
  };
}

function enrolmentOf({ confirmWithin, ...rest }: NonNullable<ProfileFile['enrolment']>): Profile['enrolment'] {
  return { ...rest, confirmWithinMs: milliseconds(confirmWithin) };
}

function codeListOf({ id, published, read, codes }: CodeListFile): CodeList {
  return { id, date: published ?? read, codes };
}

/** Removes `$schema`, which is for editors. */
function withoutLink<File extends object>(file: File & { readonly $schema?: string }): File {
  const { $schema: _, ...rest } = file;
  return rest as unknown as File;
}
