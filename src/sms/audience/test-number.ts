import { randomBytes } from 'node:crypto';
import { phoneTraits } from '../../kernel/phone.ts';
import type { Sql } from '../../platform/db.ts';
import type { CompanyDb } from '../../tenancy/handles.ts';
import { render } from '../text/render.ts';
import { holds, type Template } from '../text/template.ts';
import { CODE_LENGTH, personOf } from '../text/text.ts';
import type { Plan } from './plan.ts';
import * as sql from './sql.ts';

interface Rest extends sql.Frame {
  template: Template;
  prefix: string;
}

/** A test goes to a number of one's own, with the text as the first of its customers would get it. */
export async function testSelect(db: CompanyDb, plan: Plan, { template, prefix, ...frame }: Rest): Promise<Sql> {
  const address = plan.address ?? '';
  const person = await personOf(db, plan.customer_ids?.[0] ?? null);
  const code = randomBytes(CODE_LENGTH).toString('hex').slice(0, CODE_LENGTH);
  return sql.test({
    ...frame,
    ...phoneTraits(address),
    address,
    addressKey: db.keyOfPhone(address),
    body: render(template, person, db.company, `${prefix}${code}`),
    code: holds(template, 'stop') ? code : null,
  });
}
