/** What minutes are made of, for whoever draws it: a page of the web, or of paper. French first, English beside. */
import type { Bilingual } from '../bilingual.js';

export type Cell = string | Bilingual;

export type Block =
  | { readonly kind: 'heading'; readonly words: Bilingual }
  | { readonly kind: 'paragraph'; readonly words: Bilingual }
  /** Name and value, one a line. */
  | { readonly kind: 'facts'; readonly facts: readonly { readonly name: Bilingual; readonly value: Cell }[] }
  | {
      readonly kind: 'table';
      readonly columns: readonly { readonly name: Bilingual /** Share of the width. */; readonly width: number }[];
      readonly rows: readonly (readonly Cell[])[];
    }
  /** Text whose columns and signs matter. */
  | { readonly kind: 'verbatim'; readonly title: Bilingual; readonly lines: readonly string[] }
  /** A place to sign on for each. */
  | { readonly kind: 'signatures'; readonly people: readonly { readonly name: string; readonly role: Bilingual }[] }
  | { readonly kind: 'page-break' };

export type Document = {
  readonly title: Bilingual;
  readonly subtitle: Bilingual;
  /** In capitals above everything; null: nothing is to be warned of. */
  readonly mark: Bilingual | null;
  /** At the foot of every page. */
  readonly foot: string;
  readonly blocks: readonly Block[];
};
