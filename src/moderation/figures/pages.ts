import type { SignedInContext } from '../../web/context.ts';
import { duration, type FiguresModel, figuresModel, zoneOf } from '../view.ts';
import { DAYS, figures, moderators } from './figures.ts';

declare module '../../web/views.ts' {
  interface Views {
    'moderation/moderators': ModeratorsModel;
  }
}

interface ModeratorsModel {
  title: string;
  text: string;
  none: string;
  figures: FiguresModel;
  moderators: {
    name: string;
    count: string;
    yes: string;
    no: string;
    changes: string;
    median: string;
    latest: string;
  }[];
}

/** For administrators: how the queue is doing, and who decides how much. */
export async function show(ctx: SignedInContext): Promise<void> {
  const { services, now, t, format } = ctx;
  const { numbers, people } = await services.tenancy.inPortal(async (db) => ({
    numbers: await figures(db, now, zoneOf(ctx)),
    people: await moderators(db, now),
  }));
  await ctx.render('moderation/moderators', {
    title: t('moderation.figures.title'),
    text: t('moderation.figures.text', { days: DAYS }),
    none: t('moderation.figures.none', { days: DAYS }),
    figures: figuresModel(ctx, numbers),
    moderators: people.map(({ name, count, yes, no, changes, median, latest }) => ({
      name: name ?? t('moderation.somebody'),
      count: format.number(count),
      yes: format.number(yes),
      no: format.number(no),
      changes: format.number(changes),
      median: median === null ? '' : duration(t, median),
      latest: format.dateTime(latest),
    })),
  });
}
