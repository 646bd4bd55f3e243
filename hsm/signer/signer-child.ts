/** Entry of a signer's child process; started by the supervisor only. */

import { createJudge } from './check.js';
import { runChild } from './child.js';

runChild(createJudge);
