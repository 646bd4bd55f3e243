import type { Bilingual } from '../../kernel/bilingual.js';

/** The words of a page or a component. A text that lacks a language does not compile. */
export type Words = Readonly<Record<string, Bilingual>>;
