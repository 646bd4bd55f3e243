/** The real child process with the checker of the tests. */
import { runChild } from '../../../hsm/signer/child.js';
import { testChecker } from './checker.js';

runChild(async () => testChecker);
