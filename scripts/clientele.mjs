// The operator's command. Standard output carries its one JSON object and nothing else.
import { prepare } from './prepare.mjs';
import { fail } from './run-command.mjs';

await prepare();
const { main } = await import('../dist/src/operator/main.js');
try {
  process.exitCode = await main(process.argv.slice(2), process.env);
} catch (error) {
  fail(String(error.message ?? error).split('\n')[0]);
}
