// Whether the web server of this container is alive: exit code 0.
const answer = await fetch(`http://127.0.0.1:${process.env.PORT || 3000}/healthz`).catch(() => null);
process.exitCode = answer?.ok ? 0 : 1;
