import { z } from 'zod';
import type { AboutReview } from '../../reviews/reviews.ts';
import type { PortalDb } from '../../tenancy/handles.ts';
import type { Context } from '../../web/context.ts';
import { nothingTyped, type Refusal, submit } from '../../web/form.ts';
import { mayWrite, proved } from './pages.ts';
import * as person from './person.ts';
import { objectionModel, writingModel } from './view.ts';

const LONGEST = 2000;
const words = z.string('web.form.required').trim().max(LONGEST, 'web.form.tooLong');
const text = z.object({ text: words.min(1, 'web.form.required') });
const maybeText = z.object({ text: words });

type Kind = 'reply' | 'dispute';

const MAY = { reply: person.mayReply, dispute: person.mayDispute } as const;
const WRITE = { reply: person.reply, dispute: person.dispute } as const;

const ask = (kind: Kind) =>
  proved(async (ctx, who) => {
    const review = await find(ctx, who);
    if (!review || !MAY[kind](review)) return ctx.notFound();
    await render(ctx, kind, review, nothingTyped, 200);
  });

/** An answer or a dispute goes to the moderators, who decide; until then it stands on the person's own page. */
const take = (kind: Kind) =>
  proved(async (ctx, who) => {
    const { services, now, t } = ctx;
    const review = await find(ctx, who);
    if (!review || !MAY[kind](review)) return ctx.notFound();
    const parsed = text.safeParse(ctx.req.body ?? {});
    if (parsed.success && !(await mayWrite(ctx, who))) return;
    const outcome = await submit(ctx, text, (form) =>
      services.tenancy.inPortal((db: PortalDb) => WRITE[kind](db, who, { reviewId: review.id, text: form.text, now })),
    );
    if ('errors' in outcome) return render(ctx, kind, review, outcome, 422);
    const told = outcome.saved ? `about.${kind}.done` : `about.${kind}.already`;
    ctx.redirect('/about-me', { kind: outcome.saved ? 'done' : 'error', text: t(told) });
  });

export const showReply = ask('reply');
export const postReply = take('reply');
export const showDispute = ask('dispute');
export const postDispute = take('dispute');

const find = ({ services, req }: Context, who: person.Person): Promise<AboutReview | null> =>
  services.tenancy.inPortal((db) => person.review(db, who, String(req.params.id)));

const render = (ctx: Context, kind: Kind, review: AboutReview, refusal: Refusal, status: number): Promise<void> =>
  ctx.render('about/writing', writingModel(ctx, kind, review, refusal), status);

export const showObjection = proved(async (ctx, who) => {
  const { services, now } = ctx;
  const known = await services.tenancy.inPortal((db) => person.known(db, who.phoneKey));
  if (person.mayObjectFrom(known, now) !== now) return ctx.redirect('/about-me');
  await ctx.render('about/objection', objectionModel(nothingTyped));
});

export const postObjection = proved(async (ctx, who) => {
  const { services, now, t } = ctx;
  if (maybeText.safeParse(ctx.req.body ?? {}).success && !(await mayWrite(ctx, who))) return;
  const outcome = await submit(ctx, maybeText, (form) =>
    services.tenancy.inPortal((db) => person.object(db, who, { text: form.text, now })),
  );
  if ('errors' in outcome) return ctx.render('about/objection', objectionModel(outcome), 422);
  const told = outcome.saved ? 'about.objection.done' : 'about.objection.already';
  ctx.redirect('/about-me', { kind: outcome.saved ? 'done' : 'error', text: t(told) });
});
