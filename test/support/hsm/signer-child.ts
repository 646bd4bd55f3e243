/** The real child with the tests' judge. */
import { runChild } from '../../../hsm/signer/child.js';
import { testJudge } from './checker.js';

runChild(async () => testJudge);
