import { transcriptPath } from '../../../ceremony/plan/paths.js';
import { err, ok, type Result } from '../../../kernel/result.js';
import { pdfPath } from '../../../operations/ceremonies/read-ceremonies.js';
import { ceremonyMinutes } from '../../../operations/ceremonies/verify-ceremony.js';
import { notFound, type OperationFailure } from '../../../operations/failures.js';
import type { ServingContext } from '../../../operations/serving.js';
import type { Download, PageDownload } from '../../page.js';
import type { CeremonyData } from './data.js';

export const DOWNLOADS: readonly PageDownload<CeremonyData>[] = [
  {
    name: 'transcript.ndjson',
    action: 'read-audit',
    make: async (context, _request, { id }) =>
      stored(context, id, {
        path: transcriptPath({ id }),
        type: 'application/x-ndjson',
        filename: `${id}-transcript.ndjson`,
      }),
  },
  {
    name: 'minutes.html',
    action: 'read-audit',
    make: async (context, { account }, { id }) => {
      const html = ceremonyMinutes(context, account, id);
      return html.ok
        ? ok({ type: 'text/html; charset=utf-8', filename: `${id}-minutes.html`, body: html.value })
        : html;
    },
  },
  {
    name: 'minutes.pdf',
    action: 'read-audit',
    make: async (context, _request, { id }) =>
      stored(context, id, { path: pdfPath(id), type: 'application/pdf', filename: `${id}-minutes.pdf` }),
  },
];

/** A file of the ceremony as it is in the home folder. */
function stored(
  { ceremonies }: ServingContext,
  id: string,
  { path, ...download }: Omit<Download, 'body'> & { readonly path: string },
): Result<Download, OperationFailure> {
  const body = ceremonies.read(path);
  return body === null ? err(notFound('no-ceremony', { id })) : ok({ ...download, body });
}
