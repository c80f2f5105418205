export default async function stop() {
  await globalThis.clienteleServices.stop();
}
