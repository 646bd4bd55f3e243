/** The entry of a signer's process; only the supervisor starts it. */
import '../pkcs11/mark-pkcs11js.js';

import { createChecker } from './check.js';
import { runChild } from './child.js';

runChild(createChecker);
