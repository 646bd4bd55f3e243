import { describePortFaults } from './each-call.js';

describePortFaults('sqlite');
