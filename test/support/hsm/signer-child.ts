/** The real child with the tests' checker. */
import { runChild } from '../../../hsm/signer/child.js';
import { testChecker } from './checker.js';

runChild(async () => testChecker);
