/** The options of Node.js for the service, as the units and `npm start` have them. */
export const SERVICE_NODE_OPTIONS = ['--max-semi-space-size=16', '--max-old-space-size=1536'] as const;
