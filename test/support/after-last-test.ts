/**
 * What is kept from one test file to the next is ended after the last one: of mocha's run, or of
 * a process that runs file by file (`scripts/testing/worker.mjs`), whose list this is.
 */
const NAME = Symbol.for('pfcng.after-last-test');

type Work = () => Promise<void>;

/** To be called while modules are loaded. Elsewhere than in tests (the bench) nothing calls it. */
export function afterLastTest(work: Work): void {
  const ofProcess = (globalThis as { readonly [NAME]?: Work[] })[NAME];
  if (ofProcess !== undefined) ofProcess.push(work);
  else if (typeof after === 'function')
    after(async function endWhatIsShared() {
      await work();
    });
}
