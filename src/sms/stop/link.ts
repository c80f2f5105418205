import type { Limit, Limiter } from '../../platform/limiter.ts';
import { network } from '../../platform/network.ts';
import type { Company } from '../../tenancy/company.ts';
import type { CompanyReader } from '../../tenancy/handles.ts';
import type { Services } from '../../web/services.ts';
import * as sql from './sql.ts';

/** Where the address in somebody's message leads. */
export interface Link {
  company: Company;
  code: string;
  address: string;
  addressKey: string;
  reason: sql.LinkRow['reason'];
  /** since when; null: it gets messages */
  at: Date | null;
  /** whether something is being handed over for the number at this moment */
  leaving: boolean;
}

const SHAPE = /^([0-9a-z]{1,10})\.([0-9A-Za-z]{4,32})$/;

/** The address says the company's number, in base 36, and the code of one of its deliveries. null: there is none such. */
export async function linkOf({ tenancy }: Pick<Services, 'tenancy'>, given: string): Promise<Link | null> {
  const [, number = '', code = ''] = SHAPE.exec(given) ?? [];
  if (code === '') return null;
  const company = await tenancy.companyOfCode(BigInt(Number.parseInt(number, 36)), code);
  if (!company) return null;
  const row = await tenancy.reading(company, (db) => rowOf(db, code));
  if (!row?.address || !row.addressKey) return null;
  const { address, addressKey, reason, at, leaving } = row;
  return { company, code, address, addressKey, reason, at, leaving };
}

export const rowOf = async (db: CompanyReader, code: string): Promise<sql.LinkRow | null> =>
  (await db.query<sql.LinkRow>(sql.link(code)))[0] ?? null;

// A whole mobile network may stand behind one address: only those that lead nowhere are counted.
const WRONG: Limit = { name: 'stop-wrong', points: 60, seconds: 3600, lasting: true };

/** Counts an address that led nowhere. Answers the seconds to wait; 0: go on. */
export const waitAfterWrong = (limiter: Limiter, from: string): Promise<number> => limiter.take(WRONG, network(from));
