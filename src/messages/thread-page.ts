import { visit } from '../customers/customers.ts';
import type { CompanyReader } from '../tenancy/handles.ts';
import type { CompanyContext } from '../web/context.ts';
import { nothingTyped, type Refusal } from '../web/form.ts';
import { type Paging, paged, readPaging } from '../web/pager.ts';
import * as sql from './sql.ts';
import { standingOf } from './standing.ts';
import { talkOf } from './talk.ts';
import { threadModel } from './thread-view.ts';

/** One conversation, and the form that answers it, with what was typed and refused. */
export async function showThread(ctx: CompanyContext, name: string, refusal: Refusal = nothingTyped): Promise<void> {
  const paging = readPaging(ctx);
  const visited = await visit(ctx, 'messages', (db, { id }) => load(ctx, db, id, name, paging));
  if (!visited) return;
  const { header, loaded } = visited;
  const place = paged(ctx, paging, loaded.rows.length, Number(loaded.rows[0]?.total ?? 0n));
  const status = Object.keys(refusal.errors).length > 0 ? 422 : 200;
  await ctx.render('messages/thread', threadModel(ctx, { name, header, refusal, ...loaded }, place), status);
}

/** The newest message first. */
async function load(ctx: CompanyContext, db: CompanyReader, id: string, name: string, { page, per }: Paging) {
  const rows = await db.query<sql.MessageRow>(sql.thread(id, name, per, (page - 1) * per));
  const talk = rows.length > 0 && ctx.may('campaigns:send') ? talkOf(name) : null;
  return { rows, standing: talk && (await standingOf(db, talk)) };
}
