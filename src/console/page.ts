/**
 * What a page of the console is. `pages/all.ts` lists all pages; routes, navigation, rights and
 * tests are derived from that list.
 */
import type { VNode } from 'preact';
import type { Action } from '../access/roles.js';
import type { Bilingual } from '../kernel/bilingual.js';
import type { Bytes } from '../kernel/bytes.js';
import { ok, type Result } from '../kernel/result.js';
import type { OperationFailure } from '../operations/failures.js';
import type { ServingContext } from '../operations/serving.js';
import type { Account } from '../ports/store/accounts.js';
import type { Field, FileFailure, Input, ReadFile } from './fields.js';

/** The groups of the navigation, in their order. */
export const SECTIONS = ['overview', 'certificates', 'cards', 'decisions', 'platform', 'audit'] as const;
export type Section = (typeof SECTIONS)[number];

export type PageRequest = {
  readonly account: Account;
  readonly params: Readonly<Record<string, string>>;
  /** The parameters that the page lists in `query`, each at most 512 characters. */
  readonly query: Readonly<Record<string, string>>;
  /** Whether the page itself is shown; false: one of its forms or files. */
  readonly isShown: boolean;
};

/** What an action will do, in words, before it is done. */
export type Review = {
  readonly summary: Bilingual;
  /** What follows for relying parties, holders and the operators, one sentence each. */
  readonly consequences: readonly Bilingual[];
  readonly isReversible: boolean;
  /** What must be typed to confirm an action on many: their number. */
  readonly typed?: string;
  /** A sample of what an action on many is about. */
  readonly sample?: VNode;
};

/** Where the browser goes after an action; default: the page of the action. */
export type ActionOutcome = {
  readonly path?: string;
  readonly query?: Readonly<Record<string, string>>;
  /** What is answered instead, once: a secret, which is in no address and stored nowhere. */
  readonly shown?: VNode;
};

/** What was confirmed. */
type SentForm<Data> = {
  readonly data: Data;
  readonly input: Input;
  /** The file of the field of kind `file`; null: the form has none. */
  readonly file: ReadFile | null;
  /** The token of the form: the same one when the browser sends the form again. */
  readonly token: string;
};

export type PageAction<Data> = {
  /** Last part of the path of its form: `revoke`. */
  readonly id: string;
  readonly label: Bilingual;
  /** What a role of the account must permit. */
  readonly action: Action;
  /** How the button looks: `danger` for what cannot be undone. */
  readonly tone?: 'danger';
  /** Whether the state of the object allows it now. */
  readonly isOffered: (data: Data) => boolean;
  /** Changes whenever the object does, so that a form that was filled in earlier is refused. */
  readonly version: (data: Data) => string;
  readonly fields: (data: Data) => readonly Field[];
  readonly review: (data: Data, input: Input) => Review | Promise<Result<Review, OperationFailure>>;
  readonly perform: (
    context: ServingContext,
    request: PageRequest,
    sent: SentForm<Data>,
  ) => Promise<Result<ActionOutcome, OperationFailure | FileFailure>>;
};

/** A file that a page offers. */
export type Download = {
  readonly type: string;
  readonly filename: string;
  readonly body: Bytes | string | AsyncIterable<string>;
};

export type PageDownload<Data> = {
  readonly name: string;
  readonly action: Action;
  /** Whether it has any number of lines, so that an account gets only some at a time. */
  readonly isExport?: true;
  readonly make: (
    context: ServingContext,
    request: PageRequest,
    data: Data,
  ) => Promise<Result<Download, OperationFailure>>;
};

type PageHead = {
  readonly id: string;
  /** As routes of the API: `/console/certificates/{id}`. */
  readonly path: string;
  readonly name: Bilingual;
  /** null: the page is reached by links and searches only. */
  readonly section: Section | null;
  /** A role of the account must permit one of these. */
  readonly opensFor: readonly Action[];
  /** Names of the query parameters that the page reads; others are ignored. */
  readonly query: readonly string[];
};

type PageDefinition<Data> = PageHead & {
  readonly load: (context: ServingContext, request: PageRequest) => Promise<Result<Data, OperationFailure>>;
  /** Title of this page with its data; default: the name of the page. */
  readonly title?: (data: Data) => Bilingual;
  readonly view: (data: Data) => VNode;
  readonly actions?: readonly PageAction<Data>[];
  readonly downloads?: readonly PageDownload<Data>[];
};

/** A page whose type of data is known to itself only. */
export type Page = PageHead & {
  readonly actions: readonly Pick<PageAction<never>, 'id' | 'action' | 'label'>[];
  readonly downloads: readonly Pick<PageDownload<never>, 'name' | 'action'>[];
  readonly open: (context: ServingContext, request: PageRequest) => Promise<Result<OpenPage, OperationFailure>>;
};

/** A page with the data of one request. */
export type OpenPage = {
  readonly title: Bilingual;
  readonly view: () => VNode;
  readonly actions: readonly OpenAction[];
  readonly isExport: (name: string) => boolean;
  readonly download: (name: string) => Promise<Result<Download, OperationFailure>>;
};

export type OpenAction = Pick<PageAction<never>, 'id' | 'label' | 'action' | 'tone'> & {
  readonly isOffered: boolean;
  readonly version: string;
  readonly fields: () => readonly Field[];
  readonly review: (input: Input) => Promise<Result<Review, OperationFailure>>;
  readonly perform: (
    sent: Omit<SentForm<never>, 'data'>,
  ) => Promise<Result<ActionOutcome, OperationFailure | FileFailure>>;
};

export function definePage<Data>(definition: PageDefinition<Data>): Page {
  const { load, view, title, actions = [], downloads = [], ...head } = definition;
  return {
    ...head,
    actions,
    downloads,
    open: async (context, request) => {
      const loaded = await load(context, request);
      if (!loaded.ok) return loaded;
      const data = loaded.value;
      return ok({
        title: title?.(data) ?? head.name,
        view: () => view(data),
        actions: actions.map((action) => openAction(action, data, { context, request })),
        isExport: (name) => downloads.some((one) => one.name === name && one.isExport === true),
        download: async (name) => {
          const found = downloads.find((one) => one.name === name);
          if (found === undefined) throw new Error(`the page ${head.id} has no download ${name}`);
          return found.make(context, request, data);
        },
      });
    },
  };
}

function openAction<Data>(
  action: PageAction<Data>,
  data: Data,
  { context, request }: { readonly context: ServingContext; readonly request: PageRequest },
): OpenAction {
  const { isOffered, version, fields, review, perform, ...head } = action;
  return {
    ...head,
    isOffered: isOffered(data),
    version: version(data),
    fields: () => fields(data),
    review: async (input) => {
      const reviewed = await review(data, input);
      return 'summary' in reviewed ? ok(reviewed) : reviewed;
    },
    perform: (sent) => perform(context, request, { ...sent, data }),
  };
}
