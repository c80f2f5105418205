// Whether the process of this container is alive: exit code 0. A worker is asked at its METRICS_PORT, given as an argument.
const port = process.argv[2] || process.env.PORT || 3000;
const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => null);
process.exitCode = answer?.ok ? 0 : 1;
