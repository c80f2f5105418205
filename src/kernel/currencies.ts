// ISO 4217, written out: what Intl lists, and the decimals it gives, change with the ICU data that Node was built with
// (for AFN or IQD it says what people print, 0, and not what the standard counts in).

const CODES = `
  AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW CLF
  CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF
  IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT
  MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD
  SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU UYW UZS
  VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG`;

// Withdrawn since 2020: orders of those years still carry them.
const WITHDRAWN = 'ANG BGN CUC HRK SLL ZWL';

const words = (text: string): string[] => text.trim().split(/\s+/);

export const CURRENCIES: ReadonlySet<string> = new Set([...words(CODES), ...words(WITHDRAWN)]);

/** Decimals of the currencies that do not have two. */
export const EXPONENTS: ReadonlyMap<string, number> = new Map([
  ...words('BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF').map((code) => [code, 0] as const),
  ...words('BHD IQD JOD KWD LYD OMR TND').map((code) => [code, 3] as const),
  ...words('CLF UYW').map((code) => [code, 4] as const),
]);
