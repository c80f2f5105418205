import type { Context } from '../../web/context.ts';
import { sendFile } from '../../web/send-file.ts';
import { showEntry } from '../entry/pages.ts';
import { waitForWriting } from '../entry/throttle.ts';
import { ENTRY } from '../entry/view.ts';
import { readVisit } from '../entry/visit.ts';
import * as requests from '../requests/requests.ts';
import type { Person } from './person.ts';
import * as person from './person.ts';
import { erasureModel, fileName, showModel } from './view.ts';

/** The number's own page; whoever has not proved one is asked for it. */
export async function show(ctx: Context): Promise<void> {
  const visit = await readVisit(ctx);
  if (!visit || visit.codeId) return showEntry(ctx);
  secret(ctx);
  const known = await ctx.services.tenancy.inPortal((db) => person.known(db, visit.phoneKey));
  await ctx.render('about/show', showModel(ctx, visit, known));
}

/** Nothing of a page with a proved number stays in a browser that others use too. */
const secret = ({ res }: Context) => res.set('Cache-Control', 'no-store');

/** For the pages behind the proof: without one they lead to the beginning, whatever they were asked for. */
export const proved =
  (handler: (ctx: Context, person: Person) => Promise<void>) =>
  async (ctx: Context): Promise<void> => {
    const visit = await readVisit(ctx);
    if (!visit || visit.codeId) return ctx.redirect(ENTRY.visit);
    secret(ctx);
    await handler(ctx, visit);
  };

/** Whether the person may write once more today; else back with a word. */
export async function mayWrite(ctx: Context, { phoneKey }: Person): Promise<boolean> {
  const wait = await waitForWriting(ctx.services.limiter, phoneKey);
  if (wait > 0) ctx.redirect('/about-me', { kind: 'error', text: ctx.t('about.enough') });
  return wait === 0;
}

export const askCopy = proved(async (ctx, who) => {
  if (await mayWrite(ctx, who)) await ask(ctx, who, 'copy');
});

export const showErasure = proved((ctx) => ctx.render('about/erasure', erasureModel(ctx)));

export const askErasure = proved(async (ctx, who) => {
  if (await mayWrite(ctx, who)) await ask(ctx, who, 'erasure');
});

async function ask(ctx: Context, { phone, phoneKey }: Person, kind: requests.Kind): Promise<void> {
  const { services, now, t } = ctx;
  const asked = await services.tenancy.inPortal((db) => requests.ask(db, { phone, phoneKey, kind, now }));
  const text = t(asked ? `about.${kind}.asked` : `about.${kind}.already`);
  ctx.redirect('/about-me', { kind: asked ? 'done' : 'error', text });
}

/** The file of the copy, for as long as it is kept, to whoever proves the number anew. */
export const takeCopy = proved(async (ctx, { phone, phoneKey }) => {
  const { services, now } = ctx;
  const copy = await services.tenancy.inPortal((db) => requests.takeable(db, phoneKey, now));
  const file = copy && (await services.files.open(copy.key));
  if (!copy || !file) return ctx.notFound();
  await sendFile(ctx, file, {
    name: fileName(ctx, copy.at),
    type: 'application/json; charset=utf-8',
    note: () => services.tenancy.inPortal((db) => requests.noteTaken(db, copy, phone)),
  });
});
