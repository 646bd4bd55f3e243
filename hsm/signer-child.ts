/** Entry of a signer's child process; started by the supervisor only. */
import { runChild } from './child.js';
import { createJudge } from './judge.js';

runChild(createJudge);
