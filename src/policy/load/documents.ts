/** Policy files as they are on disk, after the check against their schemas. */
import type { CardGeneration, IssuancePurpose } from '../card-policy.js';
import type { CmpPolicy, EnrolmentLimits, EnrolmentPolicy } from '../enrolment-policy.js';
import type {
  Authority,
  Code,
  Environment,
  Hierarchy,
  HierarchyId,
  OrderLimits,
  PolicyFault,
  Profile,
  Source,
} from '../model.js';

/**
 * `file` is the path below the policy folder, with forward slashes:
 * `fort/profiles/cps-signature.json`.
 */
export type Document<Body> = { readonly file: string; readonly body: Body };

/**
 * Members of every file: the sources of its values, and notes for the people who decide about them.
 */
export type FileNotes = {
  readonly sources: Readonly<Record<string, Source>>;
  readonly notes?: Readonly<Record<string, string>>;
};

/** Durations are ISO 8601 texts here and milliseconds in the model. */
export type EnvironmentFile = Omit<Environment, 'crl' | 'ocspAnswers' | 'orders' | 'enrolment'> & {
  readonly crl: {
    readonly period: string;
    readonly overlap: string;
    readonly jitter: string;
    readonly daily?: { readonly at: string; readonly zone: string };
    readonly afterRevocation: string;
    readonly afterRevocationMax: string;
    readonly onRevocation: 'full' | 'delta';
    readonly delta: { readonly period: string; readonly overlap: string; readonly entriesMax: number };
    readonly partitions: Readonly<Record<string, number>>;
  };
  readonly ocspAnswers: {
    readonly life: string;
    readonly maxAge: string;
    readonly staleMax: string;
    readonly neverIssued: 'unknown' | 'revoked';
  };
  readonly orders: Omit<OrderLimits, 'deadlineMs'> & { readonly deadline: string };
  readonly enrolment: Omit<EnrolmentLimits, 'registrationLifeMs' | 'registrationLifeMsMax' | 'cmp'> & {
    readonly registrationLife: string;
    readonly registrationLifeMax: string;
    readonly cmp: Omit<CmpPolicy, 'timeWindowMs' | 'retentionMs' | 'waitMsMax'> & {
      readonly timeWindow: string;
      readonly retention: string;
      readonly waitMax: string;
    };
  };
} & FileNotes;

export type HierarchyFile = Hierarchy & FileNotes;
export type AuthorityFile = Authority & { readonly title: { readonly fr: string; readonly en: string } } & FileNotes;
export type ProfileFile = Omit<Profile, 'identityAgeMs' | 'update' | 'selfService' | 'enrolment'> & {
  readonly identityAge?: Readonly<Partial<Record<IssuancePurpose, string>>>;
  readonly update?: {
    readonly confirmWithin: string;
    readonly overlap: string;
    readonly supersede: 'revoke' | 'let-end';
  };
  readonly selfService?: Profile['selfService'];
  readonly enrolment?: Omit<EnrolmentPolicy, 'confirmWithinMs'> & { readonly confirmWithin: string };
} & FileNotes;

export type CardGenerationsFile = { readonly generations: Readonly<Record<string, CardGeneration>> } & FileNotes;

export type CodeListFile = {
  readonly id: string;
  readonly oid?: string;
  readonly publisher: string;
  readonly version?: string;
  readonly published?: string;
  readonly source: string;
  readonly read: string;
  readonly notes?: string;
  readonly codes: readonly Code[];
};

export type PolicyDocuments = {
  readonly environment: Document<EnvironmentFile>;
  readonly hierarchies: readonly Document<HierarchyFile>[];
  readonly authorities: readonly Document<AuthorityFile>[];
  readonly profiles: readonly Document<ProfileFile>[];
  readonly codeLists: readonly Document<CodeListFile>[];
  readonly cardGenerations: Document<CardGenerationsFile>;
};

/** What the reader of the policy folder returns: it is JSON, and nothing else has been checked. */
export type RawDocuments = {
  readonly environment: Document<unknown>;
  readonly hierarchies: readonly Document<unknown>[];
  readonly authorities: readonly Document<unknown>[];
  readonly profiles: readonly Document<unknown>[];
  readonly codeLists: readonly Document<unknown>[];
  readonly cardGenerations: Document<unknown>;
};

export const SCHEMA_NAMES = [
  'common',
  'environment',
  'hierarchy',
  'authority',
  'profile',
  'code-list',
  'card-generations',
] as const;

/** The schemas of this program, for people who decide about values. */
export type PolicySchemas = Readonly<Record<(typeof SCHEMA_NAMES)[number], unknown>>;

export function faultIn({ file }: Document<unknown>, pointer: string, message: string): PolicyFault {
  return { file, pointer, message };
}

/**
 * The folder of a file of a hierarchy, and the file's name without `.json`. Profiles of one
 * environment are in `environments/<name>/<hierarchy>`.
 */
export function locationOf({ file }: Document<unknown>): {
  readonly hierarchy: HierarchyId | null;
  readonly name: string;
} {
  const parts = file.split('/');
  const folder = parts[0] === 'environments' ? parts[2] : parts.length > 1 ? parts[0] : undefined;
  const hierarchy = folder === 'fort' || folder === 'standard' || folder === 'elementaire' ? folder : null;
  return { hierarchy, name: (parts.at(-1) ?? '').replace(/\.json$/, '') };
}
