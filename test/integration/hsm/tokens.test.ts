import { softhsm } from '../../support/hsm/implementations.js';
import { describeTokens } from '../../support/hsm/token-suite.js';

describeTokens('tokens of SoftHSM', () => softhsm);
