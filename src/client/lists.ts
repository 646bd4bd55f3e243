/** Lists and answers of any length, piece by piece. */
import { PfcngError } from './failure.js';

/** The page of a list. `nextCursor`: null: it is the last one. */
type Page = { readonly nextCursor: string | null };
/** What the query of the next page needs. */
export type PagePosition = { readonly cursor?: string };

/** All pages of a list, one after the other; `load` gets the query of each of them. */
export async function* pagesOf<Each extends Page>(load: (at: PagePosition) => Promise<Each>): AsyncGenerator<Each> {
  for (let at: PagePosition = {}; ; ) {
    const page = await load(at);
    yield page;
    if (page.nextCursor === null) return;
    at = { cursor: page.nextCursor };
  }
}

/** No line of the service is longer. */
const LINE_CHARACTERS_MAX = 4 * 1_024 * 1_024;

/** The documents of an answer in NDJSON. Throws `PfcngError` with `answer-broken`. */
export async function* linesOf<Line>(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  let rest = '';
  let number = 0;
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw new PfcngError({ code: 'answer-broken', line: number + 1 });
      });
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        number += 1;
        yield parsed<Line>(line, number);
      }
      if (rest.length > LINE_CHARACTERS_MAX || (done && rest !== ''))
        throw new PfcngError({ code: 'answer-broken', line: number + 1 });
      if (done) return;
    }
  } finally {
    // A caller that stops early does not read the rest.
    await reader.cancel().catch(() => undefined);
  }
}

function parsed<Line>(text: string, line: number): Line {
  try {
    return JSON.parse(text);
  } catch {
    throw new PfcngError({ code: 'answer-broken', line });
  }
}
