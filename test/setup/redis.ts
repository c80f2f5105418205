/** The Redis of this run. Every test file shares it: keep to keys and queue names of your own. */
export function redisUrl(): string {
  const url = process.env.TEST_REDIS_URL;
  if (!url) throw new Error('The test Redis is not running: tests are started by "npm test" or "npx jest"');
  return url;
}
