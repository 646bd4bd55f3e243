/** Entry of a signer's child process; started by the supervisor only. */

import { createChecker } from './check.js';
import { runChild } from './child.js';

runChild(createChecker);
