/**
 * What is kept from one test file to the next is ended after the last one: of mocha's run, or of
 * a process that runs file by file (`scripts/testing/worker.mjs`), whose list this is.
 */
const NAME = Symbol.for('pfcng.after-last-test');
const SHARING = Symbol.for('pfcng.after-sharing');

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

/**
 * Called before a file that shares no service, which may be repeated; only in a process that runs
 * file by file.
 */
export function afterSharing(work: Work): void {
  (globalThis as { readonly [SHARING]?: Work[] })[SHARING]?.push(work);
}
