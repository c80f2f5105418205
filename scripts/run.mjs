// npm run web, npm run worker; without an argument both in one process. The program runs in this very process: a signal for it
// needs no passing on.
import { prepare } from './prepare.mjs';

await prepare();
stopWithNpm();
await import('../dist/src/server.js');

/** npm passes signals on, but not the one that kills it outright: then we notice that it is gone. */
function stopWithNpm() {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 1000);
  watch.unref();
}
