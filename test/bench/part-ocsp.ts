/** OCSP from the cache, GET and POST, beside node:http that sends the same octets. */
import { CONNECTIONS, runLoad } from './issuance.js';
import { type Answers, OCSP_CONNECTIONS, prepareOcsp, runWrk, startBareServer } from './ocsp.js';
import { type Part, withService } from './part.js';
import { middle } from './statistics.js';
import { type Line, number, percent } from './table.js';

const CERTIFICATES = 200;

export const measureOcsp: Part = ({ effort, say }) =>
  withService({ keyType: 'p-256' }, async (service) => {
    say('OCSP from the cache');
    await service.start();
    const issued = await runLoad(service, { name: 'OCSP', seconds: null, prepared: CERTIFICATES + CONNECTIONS });
    const { publication } = service.urls;
    const prepared = await prepareOcsp(
      publication,
      issued.certificates.map(({ certificate }) => certificate),
    );
    const lines: Line[] = [];
    for (const { method, file, answer } of prepared) {
      const bare = await startBareServer(answer);
      runWrk(publication, file, effort.ocspSeconds);
      const ours: Answers[] = [];
      const limits: Answers[] = [];
      // In turns, so that what else the machine does falls on both.
      for (let run = 0; run < effort.runs; run += 1) {
        ours.push(runWrk(publication, file, effort.ocspSeconds));
        limits.push(runWrk(bare.url, file, effort.ocspSeconds));
      }
      bare.stop();
      const [found, limit] = [ours, limits].map((runs) => middle(runs, ({ rate }) => rate)) as [Answers, Answers];
      const octets = Buffer.from(answer.base64, 'base64').length;
      lines.push({
        what: `OCSP from the cache, ${method}, ${OCSP_CONNECTIONS} connections, ${octets} octets`,
        figure: `${number(found.rate)} answers/s (p99 ${found.p99})`,
        limit: `${number(limit.rate)} answers/s of bare node:http`,
        ratio: percent(found.rate / limit.rate),
      });
    }
    return { lines };
  });
