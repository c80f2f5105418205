// Counted by another hand than the product's: GSM 03.38 with its extension, else UTF-16; nothing is cut in half.
const BASIC = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
const EXTENDED = new Set('\f^{}\\[~]|€');

/** How many SMS the provider counts. */
export function segmentsOf(text: string): number {
  const signs = Array.from(text);
  const gsm = signs.every((sign) => BASIC.has(sign) || EXTENDED.has(sign));
  const sizes = signs.map((sign) => (gsm ? (EXTENDED.has(sign) ? 2 : 1) : sign.length));
  const [alone, joined] = gsm ? [160, 153] : [70, 67];
  if (sizes.reduce((sum, size) => sum + size, 0) <= alone) return 1;
  let [segments, left] = [1, joined];
  for (const size of sizes) {
    if (size > left) [segments, left] = [segments + 1, joined];
    left -= size;
  }
  return segments;
}
