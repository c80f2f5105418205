import { main } from '../src/operator/main.ts';

// `prisma db seed` is the operator's `seed:demo`.
process.exitCode = await main(['seed:demo'], process.env);
