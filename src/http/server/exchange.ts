import type { IncomingMessage, ServerResponse } from 'node:http';

/** An HTTP request and its response. */
export type Exchange = { readonly request: IncomingMessage; readonly response: ServerResponse };
