import { describePortFaults } from './each-call.js';

describePortFaults('sqlite', Number(process.env.PFCNG_FAULT_WAYS ?? 1));
