/** What the pages of the reference of the API show. `src/http/docs` makes it from the routes. */
import type { Bilingual } from '../../kernel/bilingual.js';

export type ReferenceModel = {
  readonly version: string;
  readonly url: string;
  readonly chapters: readonly Chapter[];
  readonly schemas: readonly SchemaEntry[];
  readonly codes: readonly CodeEntry[];
  readonly ruleGroups: readonly RuleGroupEntry[];
  readonly protocols: readonly ProtocolEntry[];
};

/** A protocol beside REST. */
export type ProtocolEntry = {
  readonly id: string;
  readonly title: Bilingual;
  readonly standards: readonly string[];
  /** Media type of requests; null: each operation has its own. */
  readonly mediaType: string | null;
  readonly description: Bilingual;
  readonly calls: readonly { readonly method: string; readonly path: string; readonly purpose: Bilingual }[];
  /** What may stand for `{label}`; empty: the ids of profiles, with `~` for the slash. */
  readonly labels: readonly string[];
};

export type Chapter = {
  readonly id: string;
  readonly title: Bilingual;
  readonly description: Bilingual;
  readonly routes: readonly RouteEntry[];
};

export type RouteEntry = {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly summary: Bilingual;
  /** In English, as in `/openapi.json`. */
  readonly description: string | null;
  readonly roles: readonly string[];
  /** What the profile of a certificate that acts for itself must list; null: accounts only. */
  readonly self: string | null;
  readonly parameters: readonly Parameter[];
  readonly body: BodyEntry | null;
  readonly answer: AnswerEntry;
  readonly problems: readonly CodeEntry[];
};

export type Parameter = {
  readonly name: string;
  readonly place: 'path' | 'query' | 'header';
  readonly isRequired: boolean;
  readonly type: string;
  readonly description: string;
};

export type Example = { readonly summary: string; readonly text: string };

export type BodyEntry = {
  readonly schema: string;
  /** Any number of JSON documents, one per line. */
  readonly isLines: boolean;
  readonly members: readonly Member[];
  readonly examples: readonly Example[];
};

export type AnswerEntry = {
  readonly status: number;
  readonly schema: string;
  readonly isLines: boolean;
  readonly examples: readonly Example[];
};

export type Member = {
  /** `holder.structure.id`, `requests[].csr`. */
  readonly name: string;
  readonly type: string;
  /** Name of the schema that the type refers to; null: the type says everything. */
  readonly refersTo: string | null;
  readonly isRequired: boolean;
  /** The alternative that has this member: `kind: staff`; null: all have it. */
  readonly only: string | null;
  readonly description: string;
};

export type SchemaEntry = { readonly name: string; readonly members: readonly Member[] };

export type CodeEntry = { readonly code: string; readonly status: number; readonly title: Bilingual };

export type RuleGroupEntry = {
  readonly id: string;
  readonly title: Bilingual;
  readonly codes: readonly string[];
  readonly rules: readonly { readonly rule: string; readonly texts: readonly Bilingual[] }[];
};
