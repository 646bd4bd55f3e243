/** What minutes are made of, for whoever draws it: a page of the web, or of paper. French first, English beside. */
import type { Words } from '../bilingual.js';

export type Cell = string | Words;

export type Block =
  | { readonly kind: 'heading'; readonly words: Words }
  | { readonly kind: 'paragraph'; readonly words: Words }
  /** Name and value, one a line. */
  | { readonly kind: 'facts'; readonly facts: readonly { readonly name: Words; readonly value: Cell }[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly name: Words /** Share of the width. */; readonly width: number }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  /** Text whose columns and signs matter. */
  | { readonly kind: 'verbatim'; readonly title: Words; readonly lines: readonly string[] }
  /** A place to sign on for each. */
  | { readonly kind: 'signatures'; readonly people: readonly { readonly name: string; readonly role: Words }[] }
  | { readonly kind: 'page-break' };

export type Document = {
  readonly title: Words;
  readonly subtitle: Words;
  /** In capitals above everything; null: nothing is to be warned of. */
  readonly mark: Words | null;
  /** At the foot of every page. */
  readonly foot: string;
  readonly blocks: readonly Block[];
};
