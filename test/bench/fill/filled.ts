/** What `fill-revoked.ts` fills a database with: who measures asks for it. */
export const FILLED_PROFILE = 'elementaire/org-sign';
/** What is issued was born in hours of so many each, from then on. */
export const ISSUED_FROM = Date.UTC(2026, 0, 1);
export const ISSUED_AN_HOUR = 1_000;
