/** The entry of a signer's process; only the supervisor starts it. */
import { createChecker } from './check.js';
import { runChild } from './child.js';

runChild(createChecker);
