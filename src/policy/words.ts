/** A text in both languages, French first. */
export type Words = { readonly fr: string; readonly en: string };
