/** Two nodes on one PostgreSQL database, with the same signers. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  configure,
  makeServiceHome,
  PROGRAM,
  removeServiceHome,
  type ServiceHome,
  secondServiceHome,
} from '../../support/service/home.js';
import {
  createPreparedService,
  createService,
  type Service,
  serviceEnvironment,
} from '../../support/service/service.js';

export type TwoNodes = {
  readonly homes: readonly [ServiceHome, ServiceHome];
  readonly services: readonly [Service, Service];
  /** Starts another one like the second. */
  readonly startThird: () => Promise<Service>;
  /** Ends the services and the signers, and removes all homes. */
  readonly stop: () => Promise<void>;
};

/**
 * `nodeOptions`: options of Node.js for each service. `prepare`: changes the first home, which the
 * second one is copied from. Both services run when it resolves.
 */
export async function startTwoNodes(
  nodeOptions: readonly [readonly string[], readonly string[]] = [[], []],
  prepare: (first: ServiceHome) => void = () => undefined,
): Promise<TwoNodes> {
  const first = await makeServiceHome('p-256', { database: 'postgresql' });
  prepare(first);
  // The first start needs its own signers, because it issues the development credentials.
  await createPreparedService(first);
  configure(first, { signers: 'external' });
  const second = await secondServiceHome(first);
  for (const at of [first, second]) advertise(at);
  const tokens = ['ca', 'ocsp'].flatMap((kind) => ['fort', 'standard', 'elementaire'].map((one) => `${kind}-${one}`));
  const args = [PROGRAM, 'signer', '--token', ...tokens, 'platform'];
  const signers = spawn(process.execPath, args, { stdio: 'ignore', env: serviceEnvironment(first) });
  const services = [createService(first, nodeOptions[0]), createService(second, nodeOptions[1])] as const;
  const all: Service[] = [...services];
  await Promise.all(all.map((service) => service.start()));
  return {
    homes: [first, second],
    services,
    startThird: async () => {
      const third = await secondServiceHome(first);
      advertise(third);
      const service = createService(third);
      all.push(service);
      await service.start();
      return service;
    },
    stop: async () => {
      for (const service of all) await service.stop();
      const gone = once(signers, 'exit');
      signers.kill('SIGTERM');
      await gone;
      for (const { at } of all) removeServiceHome(at);
    },
  };
}

/** The other nodes reach it at this address. */
function advertise(at: ServiceHome): void {
  configure(at, { advertise: { publication: `http://127.0.0.1:${at.ports.publication}` } });
}
