// A web or worker process as in production, on a port of its own: `part.ts web 4321 2`, `part.ts worker`.
const [part = '', port = '', grace = ''] = process.argv.splice(2);
process.argv.push(part);
process.env.PORT = port || process.env.PORT;
process.env.GRACE_SECONDS = grace;
await import('../../../src/server.ts');

export {};
