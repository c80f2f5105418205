import { register } from 'tsx/esm/api';

/** Jest loads this file bare: from here on TypeScript is understood in this process too. */
export default async function start() {
  const unregister = register();
  const { startServices } = await import('./services.ts');
  globalThis.clienteleServices = await startServices();
  await unregister();
}
