import { describePortFaults } from './each-call.js';

describePortFaults('postgresql', Number(process.env.PFCNG_FAULT_WAYS ?? 1));
