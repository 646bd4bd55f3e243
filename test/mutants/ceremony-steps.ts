import type { Mutant, Mutants } from './mutant.js';

/** Guards of the kinds of ceremony steps, and of the tables that are derived from them. */
const step = (guard: string, mutant: Omit<Mutant, 'guard'>): Mutant => ({ guard, ...mutant });

const RESHARE_TEST = 'test/unit/ceremony/steps/reshare-so-pin.test.ts';
const VERIFY_TEST = 'test/unit/ceremony/verify/verify-plan.test.ts';

export const CEREMONY_STEPS: Mutants = {
  'steps/shares-of-so-pin-are-new': step('A sharing of a PIN of the security officer that exists is not used again.', {
    file: 'src/ceremony/steps/reshare-so-pin.ts',
    find: 'newFiles: tokensNamed(plan, token).flatMap((use) => sharingMarkerFiles(soPinUse(use), generation)),',
    replace: 'newFiles: [],',
    test: RESHARE_TEST,
    title: 'of a generation that is in force already are refused',
  }),
  'steps/outputs-are-new': step('What a ceremony is to make does not exist when it begins.', {
    file: 'src/ceremony/perform.ts',
    find: 'for (const path of [...outputs.flatMap(({ newFiles }) => newFiles), ...own]) {',
    replace: 'for (const path of own) {',
    test: RESHARE_TEST,
    title: 'that an abandoned ceremony drew are refused',
  }),
  'steps/signed-was-shown': step('Whatever a ceremony signed was shown before, also where nobody had to be present.', {
    file: 'src/ceremony/verify/artefacts.ts',
    find: "kindOfEntry(entry)?.signs !== 'shown-first'",
    replace: "true || kindOfEntry(entry)?.signs !== 'shown-first'",
    test: VERIFY_TEST,
    title: 'is rejected without a roll call and without showing',
  }),
  'steps/request-is-of-the-plan': step('A line names as a request what the plan names.', {
    file: 'src/ceremony/steps/create-issuing-authority.ts',
    find: 'request: request ?? null,',
    replace: '',
    test: VERIFY_TEST,
    title: 'a file as the request of a key that is on a token',
  }),
  'steps/schema-is-generated': step('The schema of plans is the one of the kinds of steps.', {
    file: 'src/ceremony/plan/schema.ts',
    find: "why: part('why') },",
    replace: '},',
    test: 'test/unit/ceremony/steps/step-kinds.test.ts',
    title: 'are in the schema of plans',
  }),
};
